using Starling.Host.Ports;
using Starling.Protocol.Hashing;

namespace Starling.Host.Storage;

/// <summary>
/// Blobs as files named by their content id, in folders of two characters: <c>blobs/xy/bafk...xy</c>. A file appears
/// whole or not at all (temporary file, flush to disk, rename), and is verified every time it is opened.
/// </summary>
public sealed class DiskBlobStore : IBlobStore
{
    private readonly string _root;
    private readonly long _maxBytes;
    private readonly Action<Hash256> _corrupt;
    private long _serial;

    /// <param name="root">The store's folder; made when missing.</param>
    /// <param name="maxBytes">The largest blob taken.</param>
    /// <param name="corrupt">Told the name of every blob found corrupt, after it was set aside.</param>
    public DiskBlobStore(string root, long maxBytes, Action<Hash256> corrupt)
    {
        (_root, _maxBytes, _corrupt) = (root, maxBytes, corrupt);
        foreach (var folder in (string[])["blobs", "temp", "corrupt", "pins"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        foreach (var leftover in Directory.EnumerateFiles(Path.Combine(root, "temp")))
            File.Delete(leftover);
    }

    /// <inheritdoc/>
    public Hash256 Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _maxBytes)
            throw TooLarge(bytes.Length);
        var content = Blake3.Hash(bytes);
        if (Has(content) && Read(content) is not null)
            return content;
        var temporary = Temporary();
        try
        {
            using (var file = Create(temporary))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            Publish(temporary, content);
            return content;
        }
        catch (IOException e)
        {
            File.Delete(temporary);
            throw StorageException.From(e, _root);
        }
    }

    /// <inheritdoc/>
    public bool TryPut(Stream bytes, Hash256 expected)
    {
        var temporary = Temporary();
        try
        {
            if (CopyHashed(bytes, temporary) != expected)
            {
                File.Delete(temporary);
                return false;
            }

            Publish(temporary, expected);
            return true;
        }
        catch (IOException e)
        {
            File.Delete(temporary);
            throw StorageException.From(e, _root);
        }
    }

    /// <inheritdoc/>
    public bool Has(Hash256 content) => File.Exists(PathOf(content));

    /// <inheritdoc/>
    public byte[]? Read(Hash256 content)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(PathOf(content));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (Blake3.Hash(bytes) == content)
            return bytes;
        SetAside(content);
        return null;
    }

    /// <inheritdoc/>
    public Stream? Open(Hash256 content)
    {
        FileStream file;
        try
        {
            file = File.OpenRead(PathOf(content));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (HashOf(file) == content)
        {
            file.Position = 0;
            return file;
        }

        file.Dispose();
        SetAside(content);
        return null;
    }

    /// <inheritdoc/>
    public void Remove(Hash256 content, long atLeastBytes)
    {
        var file = new FileInfo(PathOf(content));
        if (file.Exists && file.Length >= atLeastBytes && !File.Exists(PinOf(content)))
            file.Delete();
    }

    /// <inheritdoc/>
    public void Pin(Hash256 content) => File.WriteAllBytes(PinOf(content), []);

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);

    private static Hash256 HashOf(Stream stream)
    {
        var hasher = new Blake3Hasher();
        var buffer = new byte[1 << 18];
        for (int read; (read = stream.Read(buffer)) > 0;)
            hasher.Update(buffer.AsSpan(0, read));
        return hasher.Finish();
    }

    private Hash256 CopyHashed(Stream source, string path)
    {
        var hasher = new Blake3Hasher();
        var buffer = new byte[1 << 18];
        using var file = Create(path);
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            hasher.Update(buffer.AsSpan(0, read));
            if (hasher.Length > _maxBytes)
                throw TooLarge(hasher.Length);
            file.Write(buffer.AsSpan(0, read));
        }

        file.Flush(flushToDisk: true);
        return hasher.Finish();
    }

    private StorageException TooLarge(long size) =>
        new(StorageFault.TooLarge, $"a blob of {size} bytes is larger than the {_maxBytes} that {_root} takes");

    // A flush of the file alone would let a power cut forget the name.
    private void Publish(string temporary, Hash256 content)
    {
        var path = PathOf(content);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(temporary, path, overwrite: true);
        FolderSync.Flush(Path.GetDirectoryName(path)!);
    }

    private void SetAside(Hash256 content)
    {
        try
        {
            File.Move(PathOf(content), Path.Combine(_root, "corrupt", new ContentId(content).ToString()), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return;
        }

        _corrupt(content);
    }

    private string Temporary() =>
        Path.Combine(_root, "temp", $"{Interlocked.Increment(ref _serial)}");

    private string PinOf(Hash256 content) => Path.Combine(_root, "pins", new ContentId(content).ToString());

    private string PathOf(Hash256 content)
    {
        var name = new ContentId(content).ToString();
        return Path.Combine(_root, "blobs", name[^2..], name);
    }
}
