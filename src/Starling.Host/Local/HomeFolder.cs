using Starling.Host.Ports;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>
/// One folder with everything of a local network: its genesis, its user's identity, and a folder per node with key,
/// database and blobs. One process at a time holds it.
/// </summary>
public sealed class HomeFolder : IDisposable
{
    private readonly FileStream _lock;

    private HomeFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Takes hold of the folder; makes it when missing.</summary>
    /// <exception cref="StorageException">Another process holds it, or it cannot be written.</exception>
    public static HomeFolder Open(string path)
    {
        var pid = System.IO.Path.Combine(path, "pid");
        try
        {
            Directory.CreateDirectory(path);
            var held = new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pid, $"{Environment.ProcessId}");
            return new HomeFolder(path, held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException(
                StorageFault.Unavailable, $"{path} cannot be written: choose another with --home, or change its owner", e);
        }
        catch (IOException e) when (File.Exists(pid) && IsHeld(path))
        {
            var other = File.ReadAllText(pid);
            throw new StorageException(
                StorageFault.InUse, $"{path} is in use by process {other}: stop that one, or choose another with --home", e);
        }
        catch (IOException e)
        {
            throw StorageException.From(e, path);
        }
    }

    public void Dispose()
    {
        File.Delete(ApiFile);
        _lock.Dispose();
    }

    /// <summary>Where the running network's API listens; absent when none runs.</summary>
    public string ApiFile => System.IO.Path.Combine(Path, "api");

    public string GenesisFile => System.IO.Path.Combine(Path, "genesis.cbor");

    /// <summary>The user's own key: pays for jobs.</summary>
    public ISigner Identity() => KeyFile.Signer(System.IO.Path.Combine(Path, "identity.key"));

    public NodeFolder Node(string name) => new(name, System.IO.Path.Combine(Path, "nodes", name));

    /// <summary>The genesis stored here, or null before the first start.</summary>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public GenesisRecord? ReadGenesis() => ReadGenesis(GenesisFile);

    /// <summary>The genesis in a file, or null where there is none.</summary>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public static GenesisRecord? ReadGenesis(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            return RecordCodec.Decode<GenesisRecord>(File.ReadAllBytes(file));
        }
        catch (DecodeException e)
        {
            throw new StorageException(
                StorageFault.Corrupt, $"{file} is damaged ({e.Message}): restore it from a copy, or choose another --home", e);
        }
    }

    /// <summary>Stores the genesis: whole or not at all.</summary>
    public void WriteGenesis(GenesisRecord genesis)
    {
        var temporary = GenesisFile + ".new";
        using (var file = File.Create(temporary))
        {
            file.Write(RecordCodec.Encode(genesis));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, GenesisFile);
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using var free = new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
