using System.Formats.Tar;
using System.Text.Json;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Node.Roles.Sequencing;

namespace Starling.Host.Operations;

/// <summary>Makes a home folder of a backup: whole, every byte as it was written, or not at all.</summary>
public static class BackupRestore
{
    private const int MaxManifest = 64 << 20;

    /// <exception cref="StorageException">Damaged, cut short, of a newer program, or the folder is not empty.</exception>
    public static BackupManifest Read(string file, string home)
    {
        if (Directory.Exists(home) && Directory.EnumerateFileSystemEntries(home).Any())
            throw new StorageException(StorageFault.InUse, $"{home} is not empty: name another --home, or move that one away");
        var partial = Path.TrimEndingDirectorySeparator(home) + ".new";
        try
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
            Directory.CreateDirectory(partial);
            var manifest = Unpack(file, partial);
            MarkRestored(partial);
            if (Directory.Exists(home))
                Directory.Delete(home);
            Directory.Move(partial, home);
            return manifest;
        }
        catch (Exception e) when (e is IOException and not StorageException or UnauthorizedAccessException)
        {
            throw StorageException.From(e as IOException ?? new IOException(e.Message, e), home);
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }
    }

    private static BackupManifest Unpack(string file, string folder)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var input = File.OpenRead(file);
            using var tar = new TarReader(input);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.Name == Backup.ManifestName)
                    return Manifest(file, entry, found);
                found.Add(entry.Name, Write(file, folder, entry));
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException)
        {
            throw Damaged(file, e.Message);
        }

        throw Damaged(file, "it ends before its list of files");
    }

    private static string Write(string file, string folder, TarEntry entry)
    {
        var path = Path.GetFullPath(Path.Combine(folder, entry.Name));
        if (entry.EntryType != TarEntryType.RegularFile || !path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw Damaged(file, $"'{entry.Name}' is no file of a home folder");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var output = Backup.Private(path);
        entry.DataStream?.CopyTo(output);
        output.Flush(flushToDisk: true);
        output.Position = 0;
        return Backup.HashOf(output);
    }

    private static BackupManifest Manifest(string file, TarEntry entry, SortedDictionary<string, string> found)
    {
        BackupManifest? manifest;
        try
        {
            manifest = entry.Length <= MaxManifest
                ? JsonSerializer.Deserialize(entry.DataStream!, BackupJson.Default.BackupManifest)
                : null;
        }
        catch (JsonException e)
        {
            throw Damaged(file, e.Message);
        }

        if (manifest?.Files is null)
            throw Damaged(file, "its list of files is none");
        if (manifest.Version > Backup.Version)
            throw new StorageException(
                StorageFault.NewerVersion,
                $"{file} has format {manifest.Version}, this program reads up to {Backup.Version}: use the newer one");
        var wrong = manifest.Files.Except(found).Concat(found.Except(manifest.Files)).Select(f => f.Key).FirstOrDefault();
        return wrong is null ? manifest : throw Damaged(file, $"'{wrong}' is not what was written");
    }

    /// <summary>A sequencer of the folder learns first what it ordered after the copy was made.</summary>
    private static void MarkRestored(string folder)
    {
        var database = Path.Combine(folder, "node.db");
        if (!File.Exists(database))
            return;
        using var store = SqliteNodeStore.Open(database);
        store.Commit(new StoreChanges { Records = { [Sequencer.RestoredRecord] = [1] } });
    }

    private static StorageException Damaged(string file, string problem) =>
        new(StorageFault.Corrupt, $"{file} is damaged: {problem}: use another copy");
}
