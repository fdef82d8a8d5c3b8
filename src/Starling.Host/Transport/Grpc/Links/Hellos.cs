using System.Reflection;
using Google.Protobuf;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>The first frame each way: says who comes and whether both speak of the same network.</summary>
internal static class Hellos
{
    private static readonly string s_software =
        $"starling {typeof(Hellos).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}";

    public static Frame Of(PeerSelf self)
    {
        var hello = new Hello
        {
            Chain = ByteString.CopyFrom(self.Chain.Hash.ToArray()),
            ProtocolMin = PeerLimits.ProtocolMin,
            ProtocolMax = PeerLimits.ProtocolMax,
            Software = s_software,
        };
        hello.Roles.AddRange(self.Roles);
        hello.Addresses.AddRange(self.Addresses);
        return new Frame { Hello = hello };
    }

    public static Frame Refuse(RefusalCode code, string detail, TimeSpan retry = default) => new()
    {
        Refusal = new Refusal { Code = code, Detail = detail, RetrySeconds = (uint)Math.Ceiling(retry.TotalSeconds) },
    };

    /// <summary>Why a first frame is not accepted; null when it is.</summary>
    public static Frame? Problem(Frame? first, PeerSelf self)
    {
        if (first?.Hello is not { } hello)
            return Refuse(RefusalCode.BadHello, "the first frame must be a hello");
        if (hello.Chain.Length != Hash256.Size)
            return Refuse(RefusalCode.BadHello, "hello.chain has 32 bytes");
        var chain = new Hash256(hello.Chain.Span);
        if (chain != self.Chain.Hash)
            return Refuse(RefusalCode.OtherChain, $"this is chain {self.Chain.Hash}, not {chain}");
        if (hello.ProtocolMin > PeerLimits.ProtocolMax || hello.ProtocolMax < PeerLimits.ProtocolMin)
            return Refuse(
                RefusalCode.OtherProtocol,
                $"this node speaks versions {PeerLimits.ProtocolMin} to {PeerLimits.ProtocolMax}, "
                + $"not {hello.ProtocolMin} to {hello.ProtocolMax}: the older of the two must be updated");
        if (hello.Roles.Count > PeerLimits.Roles || hello.Addresses.Count > PeerLimits.AddressesPerNode)
            return Refuse(
                RefusalCode.BadHello,
                $"hello names at most {PeerLimits.Roles} roles and {PeerLimits.AddressesPerNode} addresses");
        return hello.Addresses.Select(PeerAddresses.Problem).FirstOrDefault(p => p is not null) is { } problem
            ? Refuse(RefusalCode.BadHello, $"hello.addresses: {problem}")
            : null;
    }
}
