using System.Formats.Tar;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Starling.Host.Local;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;

namespace Starling.Host.Operations;

/// <summary>
/// A home folder as one file, made while its nodes run: keys, genesis, settings, databases and blobs. Databases are copied
/// each at one instant, and a sequencer's last, so that no follower of the same folder is ahead of it.
/// </summary>
public static class Backup
{
    internal const int Version = 1;
    internal const string ManifestName = "manifest.json";

    private const string Blobs = "blobs";

    /// <summary>What another start makes anew, or what belongs to a process.</summary>
    private static readonly string[] s_leftOut = ["lock", "pid", "api", "temp", "partial", "corrupt"];

    /// <summary>Writes the backup; whole or not at all.</summary>
    /// <param name="home">The folder.</param>
    /// <param name="file">Must not be there yet.</param>
    /// <param name="withBlobs">False leaves out data and results, which other nodes may hold too.</param>
    /// <param name="time">Dates it.</param>
    /// <exception cref="StorageException">No network in the folder, or the disk failed.</exception>
    public static BackupManifest Write(string home, string file, bool withBlobs, TimeProvider time)
    {
        var genesis = Genesis(home);
        var temporary = file + ".new";
        try
        {
            if (File.Exists(file))
                throw new StorageException(StorageFault.InUse, $"{file} is there already: name another file");
            BackupManifest manifest;
            using (var output = Private(temporary))
            {
                using (var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true))
                    manifest = WriteEntries(tar, home, withBlobs, temporary + ".db", genesis, time);
                output.Flush(flushToDisk: true);
            }

            File.Move(temporary, file);
            return manifest;
        }
        catch (IOException e)
        {
            throw StorageException.From(e, file);
        }
        finally
        {
            File.Delete(temporary);
            File.Delete(temporary + ".db");
        }
    }

    internal static FileStream Private(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static GenesisRecord Genesis(string home) => HomeFolder.ReadGenesis(Path.Combine(home, "genesis.cbor"))
        ?? throw new StorageException(StorageFault.Unavailable, $"{home} belongs to no network: name another --home");

    private static BackupManifest WriteEntries(
        TarWriter tar, string home, bool withBlobs, string copy, GenesisRecord genesis, TimeProvider time)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Files(home, withBlobs))
        {
            var name = Path.GetRelativePath(home, path).Replace('\\', '/');
            var isDatabase = path.EndsWith(".db", StringComparison.Ordinal);
            if (isDatabase)
                CopyDatabase(path, copy);
            using (var content = File.OpenRead(isDatabase ? copy : path))
            {
                files.Add(name, HashOf(content));
                content.Position = 0;
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content });
            }

            if (isDatabase)
                File.Delete(copy);
        }

        var manifest = new BackupManifest(Version, genesis.ChainId().ToString(), time.GetUtcNow(), files);
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, ManifestName) { DataStream = json });
        return manifest;
    }

    private static IEnumerable<string> Files(string home, bool withBlobs) => Directory
        .EnumerateFiles(home, "*", SearchOption.AllDirectories)
        .Where(path =>
        {
            var parts = Path.GetRelativePath(home, path).Split(Path.DirectorySeparatorChar);
            return !parts.Intersect(s_leftOut).Any() && (withBlobs || !parts.Contains(Blobs))
                && !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal)
                && !path.EndsWith(".new", StringComparison.Ordinal);
        })
        .OrderBy(path => Path.GetDirectoryName(path) == Path.Combine(home, "nodes", LocalNames.Sequencer))
        .ThenBy(path => path, StringComparer.Ordinal)
        .ToArray();

    /// <summary>The database as it is at one instant, whoever writes it meanwhile.</summary>
    private static void CopyDatabase(string path, string copy)
    {
        try
        {
            using var source = new SqliteConnection($"Data Source={path};Mode=ReadWrite;Pooling=False");
            source.Open();
            using var command = source.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout=5000; VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.Name(e, path);
        }
    }

    internal static string HashOf(Stream stream)
    {
        var hasher = new Blake3Hasher();
        var buffer = new byte[1 << 18];
        for (int read; (read = stream.Read(buffer)) > 0;)
            hasher.Update(buffer.AsSpan(0, read));
        return hasher.Finish().ToString();
    }
}
