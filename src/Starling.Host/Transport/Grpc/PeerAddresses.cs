using System.Globalization;

namespace Starling.Host.Transport.Grpc;

/// <summary>Where a node can be dialled: <c>host:port</c>.</summary>
internal static class PeerAddresses
{
    /// <summary>What is wrong with an address; null when nothing is.</summary>
    public static string? Problem(string address)
    {
        if (address.Length > PeerLimits.AddressLength)
            return $"'{address[..32]}...' is longer than {PeerLimits.AddressLength} characters";
        var colon = address.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return $"'{address}' is no address: give host:port, for example node.example.org:4690";
        if (port is < 1 or > 65_535)
            return $"'{address}' has no port of 1 to 65535";
        var host = address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? $"'{host}' is no host name and no IP address" : null;
    }
}
