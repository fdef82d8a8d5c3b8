using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>A provider whose result was proven wrong, and when last.</summary>
public sealed record FaultEntry(NodeId Provider, Timestamp At) : IRecord<FaultEntry>
{
    public static RecordType Type => RecordType.FaultEntry;

    public static FaultEntry Read(FieldReader f) => new(new NodeId(f.Hash(1)), f.Time(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Provider.Key);
        f.Time(2, At);
    }
}

/// <summary>Faults of one build of late: where they cluster, the machine is to blame and not its owner (protocol.md, 3).</summary>
/// <param name="Build">As offers name it.</param>
/// <param name="Entries">One per provider, oldest first.</param>
/// <param name="PausedUntil">Slashing pauses for the build until then; zero where it does not.</param>
/// <param name="Due">When it is forgotten.</param>
public sealed record FaultsRecord(string Build, FaultEntry[] Entries, Timestamp PausedUntil, Timestamp Due) : IRecord<FaultsRecord>
{
    private static readonly HashDomain s_domain = HashDomain.Get("build");

    public static RecordType Type => RecordType.Faults;

    /// <summary>Names the record.</summary>
    public Hash256 Key => KeyOf(Build);

    public static Hash256 KeyOf(string build) => s_domain.Hash(System.Text.Encoding.UTF8.GetBytes(build));

    public static FaultsRecord Read(FieldReader f) =>
        new(f.Text(1, Protocol.Transactions.Limits.Name), f.Records<FaultEntry>(2, Rules.MaxFaults), f.Time(3), f.Time(4));

    public void Write(FieldWriter f)
    {
        f.Text(1, Build);
        f.Records(2, Entries);
        f.Time(3, PausedUntil);
        f.Time(4, Due);
    }
}
