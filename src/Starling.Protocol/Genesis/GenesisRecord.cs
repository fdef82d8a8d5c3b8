using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Protocol.Genesis;

/// <summary>What kind of network a genesis describes. Values are consensus.</summary>
public enum NetworkProfile
{
    /// <summary>One machine: short windows, no fee.</summary>
    Local = 1,

    /// <summary>A pool of machines of one owner: no stake, no fee.</summary>
    Lab = 2,

    /// <summary>Strangers: stake, fees and long windows.</summary>
    Public = 3,
}

/// <summary>
/// Height 0 of a network. <paramref name="Beacon"/> is the tip of the producer's hash chain: the header at height h
/// shows link h. Only <paramref name="Minters"/> may make new units.
/// </summary>
public sealed record GenesisRecord(
    string Name,
    NetworkProfile Profile,
    Timestamp Start,
    NodeId Producer,
    Hash256 Beacon,
    NodeId[] Minters,
    GenesisAccount[] Accounts,
    Rules Rules) : IRecord<GenesisRecord>
{
    private const int MaxMinters = 16;

    /// <summary>Rule changes that may be announced at one time.</summary>
    public const int MaxChanges = 16;

    /// <summary>May announce other rules for a later height; null where the rules are those of this record for good.</summary>
    public NodeId? RulesKey { get; init; }

    /// <summary>May plant errors for auditors to find, out of a pool that anyone may fund; null where nobody may.</summary>
    public NodeId? Sentinel { get; init; }

    /// <summary>What a credit stands for, for example <c>CPU-hour</c>; empty where it is money.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Other rules for later heights, ascending.</summary>
    public RuleChange[] Changes { get; init; } = [];

    public static RecordType Type => RecordType.Genesis;

    public static GenesisRecord Read(FieldReader f) => new(
        f.Text(1, Limits.Name), (NetworkProfile)f.Int32(2, 1, 3), new Timestamp(f.Integer(3)), new NodeId(f.Hash(4)),
        f.Hash(5), Array.ConvertAll(f.Hashes(6, MaxMinters), static h => new NodeId(h)),
        f.Records<GenesisAccount>(7, Limits.GenesisAccounts), f.Nested<Rules>(8))
    {
        RulesKey = f.OptionalHash(9) is { } key ? new NodeId(key) : null,
        Changes = RuleChange.ReadAll(f, 10),
        Unit = f.OptionalText(11, Limits.Name) ?? "",
        Sentinel = f.OptionalHash(12) is { } sentinel ? new NodeId(sentinel) : null,
    };

    public void Write(FieldWriter f)
    {
        f.Text(1, Name);
        f.Integer(2, (int)Profile);
        f.Integer(3, Start.Milliseconds);
        f.Hash(4, Producer.Key);
        f.Hash(5, Beacon);
        f.Hashes(6, Array.ConvertAll(Minters, static m => m.Key));
        f.Records(7, Accounts);
        f.Record(8, Rules);
        f.OptionalHash(9, RulesKey?.Key);
        RuleChange.WriteAll(f, 10, Changes);
        f.OptionalText(11, Unit.Length > 0 ? Unit : null);
        f.OptionalHash(12, Sentinel?.Key);
    }

    /// <summary>The name of the network: the hash of this record. Also what the first header calls its previous.</summary>
    public ChainId ChainId() => new(Blake3.Hash("genesis", RecordCodec.Encode(this)));
}
