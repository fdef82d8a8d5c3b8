using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>The folder of one node: <c>key</c>, <c>secret</c>, <c>node.db</c> and its blobs.</summary>
/// <param name="Name">What the node calls itself.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Passphrase">Opens the two secrets, where they are encrypted.</param>
public sealed record NodeFolder(string Name, string Path, string? Passphrase = null)
{
    /// <summary>The largest blob a node takes: a checkpoint of 250 million parameters.</summary>
    public const long MaxBlob = 1L << 30;

    public ISigner Signer() => KeyFile.Signer(System.IO.Path.Combine(Path, "key"), Passphrase);

    /// <summary>What salts and seeds are derived from; never leaves the node.</summary>
    public Hash256 Secret() => KeyFile.Secret(System.IO.Path.Combine(Path, "secret"), Passphrase);

    public INodeStore OpenStore() => SqliteNodeStore.Open(System.IO.Path.Combine(Path, "node.db"));

    public IBlobStore OpenBlobs(Action<Hash256> corrupt) => new DiskBlobStore(Path, MaxBlob, corrupt);
}
