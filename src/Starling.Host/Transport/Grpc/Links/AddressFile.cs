using System.Text;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>
/// The addresses that a node learned, one peer a line, so that it finds its network again although every seed is gone.
/// Hints like any other: what cannot be read is left out, and what cannot be written is learned again.
/// </summary>
internal sealed class AddressFile(string path)
{
    private readonly Lock _gate = new();

    public IEnumerable<(NodeId Node, string[] Addresses)> Read()
    {
        if (!File.Exists(path))
            yield break;
        foreach (var line in File.ReadLines(path).Take(PeerLimits.KnownNodes))
            if (line.Split(' ') is [var node, .. { Length: > 0 } addresses] && NodeId.TryParse(node, out var id))
                yield return (id.Value, addresses);
    }

    public void Write(IEnumerable<(NodeId Node, string[] Addresses)> known)
    {
        var lines = known.Select(k => $"{k.Node} {string.Join(' ', k.Addresses)}");
        lock (_gate)
        {
            try
            {
                File.WriteAllLines(path + ".new", lines, Encoding.ASCII);
                File.Move(path + ".new", path, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk is told by whoever must write.
            }
        }
    }
}
