using System.Formats.Tar;
using Starling.Proofs.Receipts;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Verifying;

/// <summary>
/// A receipt and every blob that running its tasks again takes, in one file: a tar (POSIX ustar) of <c>receipt.cbor</c>
/// and then <c>blobs/CONTENT-ID</c>, ascending. The same contents give the same bytes. Blobs are read where they are
/// asked for; whoever asks checks them against their names.
/// </summary>
internal sealed class ArchiveFile
{
    public const string Extension = ".starling.tar";

    private const string BlobFolder = "blobs/";
    private const int MaxEntries = 100_000;
    private const long MaxBlob = 1L << 30;

    private readonly string _path;
    private readonly Dictionary<Hash256, (long Offset, int Bytes)> _blobs = [];

    private ArchiveFile(string path) => _path = path;

    public byte[] Receipt { get; private set; } = [];

    public IReadOnlyCollection<Hash256> Blobs => _blobs.Keys;

    /// <summary>Writes an archive whole or not at all.</summary>
    public static void Write(string path, byte[] receipt, IEnumerable<KeyValuePair<Hash256, ReadOnlyMemory<byte>>> blobs)
    {
        var temporary = path + ".new";
        using (var tar = new TarWriter(File.Create(temporary), TarEntryFormat.Ustar))
        {
            Add(tar, ReceiptSource.FileName, receipt);
            foreach (var (content, bytes) in blobs.OrderBy(b => new ContentId(b.Key).ToString(), StringComparer.Ordinal))
                Add(tar, BlobFolder + new ContentId(content), bytes.ToArray());
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Whether a file looks like a tar: nothing else here does.</summary>
    public static bool IsOne(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[262];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[257..].SequenceEqual("ustar"u8);
    }

    /// <exception cref="CliException">The file is no archive, or beyond its bounds.</exception>
    public static ArchiveFile Open(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var archive = new ArchiveFile(path);
            archive.Index(file);
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException
            or ArgumentException or OverflowException)
        {
            throw new CliException(ExitCode.NotVerified, $"{path}: not an archive: {e.Message}");
        }
    }

    public ReadOnlyMemory<byte>? Find(Hash256 content)
    {
        if (!_blobs.TryGetValue(content, out var place))
            return null;
        using var file = File.OpenRead(_path);
        return Read(file, place.Offset, place.Bytes);
    }

    private void Index(FileStream file)
    {
        using var tar = new TarReader(file, leaveOpen: true);
        for (var count = 0; tar.GetNextEntry() is { } entry; count++)
        {
            if (count == MaxEntries)
                throw new InvalidDataException($"it has more than {MaxEntries} entries");
            if (entry is not UstarTarEntry { EntryType: TarEntryType.RegularFile })
                throw new InvalidDataException($"'{entry.Name}' is no plain file of the format ustar");
            var limit = count == 0 ? ReceiptLimits.Bytes : MaxBlob;
            if (entry.Length > limit || entry.DataOffset < 0 || entry.DataOffset + entry.Length > file.Length)
                throw new InvalidDataException($"'{entry.Name}' has {entry.Length} bytes, more than the file holds or than {limit}");
            Take(file, entry, count == 0);
        }

        if (Receipt.Length == 0)
            throw new InvalidDataException($"'{ReceiptSource.FileName}' is not its first entry");
    }

    private void Take(FileStream file, TarEntry entry, bool isFirst)
    {
        var place = entry.DataOffset;
        if (isFirst)
        {
            if (entry.Name != ReceiptSource.FileName)
                throw new InvalidDataException($"its first entry is '{entry.Name}', not '{ReceiptSource.FileName}'");
            var back = file.Position;
            Receipt = Read(file, place, (int)entry.Length);
            file.Position = back;
        }
        else if (!entry.Name.StartsWith(BlobFolder, StringComparison.Ordinal)
            || !ContentId.TryParse(entry.Name[BlobFolder.Length..], out var content))
        {
            throw new InvalidDataException($"'{entry.Name}' is not {BlobFolder} and a content id");
        }
        else if (!_blobs.TryAdd(content.Hash, (place, (int)entry.Length)))
        {
            throw new InvalidDataException($"'{entry.Name}' stands twice");
        }
    }

    private static byte[] Read(FileStream file, long offset, int bytes)
    {
        var read = new byte[bytes];
        file.Position = offset;
        file.ReadExactly(read);
        return read;
    }

    private static void Add(TarWriter tar, string name, byte[] bytes) => tar.WriteEntry(
        new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(bytes),
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
}
