using System.Buffers.Text;
using System.Text;
using Google.Protobuf;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Processes;

/// <summary>
/// What a newcomer needs, in one line: which network, and whom to ask first. The network's producer signs it, so nobody
/// can send a newcomer to other machines unnoticed; and whatever those say is checked against the hash of the genesis.
/// </summary>
public sealed class Invite
{
    private const string Prefix = "starling1-";
    private const int MaxSeeds = 8;
    private const int CheckSize = 4;

    private readonly byte[] _body;
    private readonly Signature _signature;

    private Invite(byte[] body, Signature signature, ChainId chain, IReadOnlyList<string> seeds) =>
        (_body, _signature, Chain, Seeds) = (body, signature, chain, seeds);

    public ChainId Chain { get; }

    /// <summary>Addresses of nodes of the network.</summary>
    public IReadOnlyList<string> Seeds { get; }

    /// <exception cref="ArgumentException">No seeds, too many, or one that is no address.</exception>
    public static Invite Create(ChainId chain, IReadOnlyList<string> seeds, ISigner producer)
    {
        if (seeds.Count is 0 or > MaxSeeds)
            throw new ArgumentException($"an invite names 1 to {MaxSeeds} addresses", nameof(seeds));
        if (seeds.Select(PeerAddresses.Problem).FirstOrDefault(p => p is not null) is { } problem)
            throw new ArgumentException(problem, nameof(seeds));
        var body = new InvitationBody { Chain = ByteString.CopyFrom(chain.Hash.ToArray()), Seeds = { seeds } }.ToByteArray();
        return new Invite(body, producer.Sign(Signed(body)), chain, seeds);
    }

    /// <summary>Reads an invite; null, with what is wrong, when the text is none.</summary>
    public static Invite? Parse(string text, out string? problem)
    {
        problem = "it is not complete: copy the whole line that 'starling network init' printed";
        text = text.Trim();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            problem = $"an invite starts with {Prefix}";
            return null;
        }

        try
        {
            var bytes = Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length));
            if (bytes.Length <= CheckSize || !Check(bytes.AsSpan(CheckSize)).AsSpan().SequenceEqual(bytes.AsSpan(0, CheckSize)))
                return null;
            var invitation = Invitation.Parser.ParseFrom(bytes, CheckSize, bytes.Length - CheckSize);
            var body = InvitationBody.Parser.ParseFrom(invitation.Body);
            problem = body.Seeds.Count is 0 or > MaxSeeds
                ? $"it names {body.Seeds.Count} addresses, not 1 to {MaxSeeds}"
                : body.Seeds.Select(PeerAddresses.Problem).FirstOrDefault(p => p is not null);
            return problem is null
                ? new Invite(
                    invitation.Body.ToByteArray(), new Signature(invitation.Signature.Span),
                    new ChainId(new Hash256(body.Chain.Span)), [.. body.Seeds])
                : null;
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>True when the genesis is of this network and its producer signed this invite.</summary>
    public bool IsOf(GenesisRecord genesis) =>
        genesis.ChainId() == Chain && Ed25519.Instance.Verify(genesis.Producer, Signed(_body), _signature);

    public override string ToString()
    {
        var bytes = new Invitation
        {
            Body = ByteString.CopyFrom(_body),
            Signature = ByteString.CopyFrom(_signature.Bytes),
        }.ToByteArray();
        return Prefix + Base64Url.EncodeToString([.. Check(bytes), .. bytes]);
    }

    private static byte[] Signed(byte[] body) => Blake3.Hash("invite", body).ToArray();

    // Tells a slip of the pen from a forgery.
    private static byte[] Check(ReadOnlySpan<byte> bytes) => Blake3.Hash("invite check", bytes).ToArray()[..CheckSize];
}
