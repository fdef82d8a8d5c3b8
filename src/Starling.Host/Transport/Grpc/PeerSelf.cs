using System.Security.Cryptography.X509Certificates;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc;

/// <summary>Who this node is to its peers.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Name">What its reports call it.</param>
/// <param name="Chain">Its network.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Addresses">Where it can be dialled; none behind NAT.</param>
/// <param name="Certificate">Endorsed by its key.</param>
internal sealed record PeerSelf(
    NodeId Id, string Name, ChainId Chain, IReadOnlyList<string> Roles, IReadOnlyList<string> Addresses,
    X509Certificate2 Certificate);
