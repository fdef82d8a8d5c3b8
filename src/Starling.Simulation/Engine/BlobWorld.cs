using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Engine;

/// <summary>Every blob that exists and who holds it. Bytes are kept once; holdings are per node and survive crashes.</summary>
public sealed class BlobWorld
{
    private readonly Dictionary<Hash256, byte[]> _bytes = [];
    private readonly HashSet<(NodeId, Hash256)> _held = [];

    public void Put(NodeId holder, byte[] bytes) => Put(holder, ContentId.Of(bytes).Hash, bytes);

    /// <summary>As <see cref="Put(NodeId, byte[])"/> for bytes whose content id is known.</summary>
    public void Put(NodeId holder, Hash256 content, byte[] bytes)
    {
        _bytes[content] = bytes;
        _held.Add((holder, content));
    }

    public void Hold(NodeId holder, Hash256 content) => _held.Add((holder, content));

    public bool Holds(NodeId holder, Hash256 content) => _held.Contains((holder, content));

    public byte[]? Read(NodeId holder, Hash256 content) => Holds(holder, content) ? _bytes[content] : null;

    public byte[] Bytes(Hash256 content) => _bytes[content];
}
