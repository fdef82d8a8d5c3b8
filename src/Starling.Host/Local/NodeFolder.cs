using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>The folder of one node: <c>key</c>, <c>secret</c>, <c>node.db</c> and its blobs.</summary>
public sealed record NodeFolder(string Name, string Path)
{
    /// <summary>The largest blob a node takes: a checkpoint of 250 million parameters.</summary>
    private const long MaxBlob = 1L << 30;

    public ISigner Signer() => KeyFile.Signer(System.IO.Path.Combine(Path, "key"));

    /// <summary>What salts and seeds are derived from; never leaves the node.</summary>
    public Hash256 Secret() => KeyFile.Secret(System.IO.Path.Combine(Path, "secret"));

    public INodeStore OpenStore() => SqliteNodeStore.Open(System.IO.Path.Combine(Path, "node.db"));

    public IBlobStore OpenBlobs(Action<Hash256> corrupt) => new DiskBlobStore(Path, MaxBlob, corrupt);
}
