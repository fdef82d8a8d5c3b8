using System.Net;

namespace Starling.Host.Transport.Grpc;

/// <summary>How a node meets others.</summary>
/// <param name="Name">What its reports call it.</param>
/// <param name="Roles">What it tells others that it does.</param>
/// <param name="Listen">Where peers may dial it; null for a node that only dials.</param>
/// <param name="Advertise">Addresses by which others reach it; empty behind NAT.</param>
/// <param name="Seeds">Addresses to dial first.</param>
public sealed record PeerOptions(
    string Name, IReadOnlyList<string> Roles, IPEndPoint? Listen, IReadOnlyList<string> Advertise, IReadOnlyList<string> Seeds)
{
    /// <summary>Bytes of blobs a second that it sends, all peers together.</summary>
    public long UploadBytesPerSecond { get; init; } = 1L << 30;
}
