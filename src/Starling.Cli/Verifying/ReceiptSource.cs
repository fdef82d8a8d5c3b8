using Starling.Proofs.Attestations;
using Starling.Proofs.Receipts;

namespace Starling.Cli.Verifying;

/// <summary>
/// A receipt on this disk, as a file, beside the files that it names, in an archive or in a signed envelope. Nothing is
/// trusted before it is verified.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">The receipt's bytes.</param>
/// <param name="Receipt">What they decode to, unchecked; null when they are no receipt.</param>
/// <param name="Files">The named files that are there.</param>
internal sealed record ReceiptSource(string Path, byte[] Bytes, Receipt? Receipt, IReadOnlyList<Artefact> Files)
{
    /// <summary>What a receipt is called in the folder of a run and in an archive.</summary>
    public const string FileName = "receipt.cbor";

    /// <summary>The archive that it came from, if any.</summary>
    public ArchiveFile? Archive { get; private init; }

    /// <summary>The envelope that it came from, if any.</summary>
    public byte[]? Envelope { get; private init; }

    /// <param name="path">A receipt, the output folder of a run, an archive, or an envelope.</param>
    /// <exception cref="CliException">There is no such file, or it is too large.</exception>
    public static ReceiptSource Open(string path)
    {
        var file = Directory.Exists(path) ? System.IO.Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw new CliException(
                ExitCode.BadInput, $"{file}: no such file; give a receipt, the output folder of a run, an archive or an envelope");
        if (ArchiveFile.IsOne(file))
            return FromArchive(file);
        if (new FileInfo(file).Length > ReceiptLimits.Bytes)
            throw new CliException(ExitCode.NotVerified, $"{file}: is too large to be a receipt");
        var bytes = File.ReadAllBytes(file);
        if (bytes is not [(byte)'{', ..])
            return Beside(file, bytes);
        return ModelAttestation.Peek(bytes) is { } receipt
            ? Beside(file, receipt) with { Envelope = bytes }
            : new ReceiptSource(file, [], null, []) { Envelope = bytes };
    }

    private static ReceiptSource Beside(string file, byte[] bytes)
    {
        var receipt = ReceiptVerifier.Peek(bytes);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!;
        return new ReceiptSource(file, bytes, receipt,
        [
            .. (receipt?.Model?.Files ?? [])
                .Where(f => IsPlain(f.Path) && File.Exists(System.IO.Path.Combine(folder, f.Path)))
                .Select(f => new Artefact(f.Path, File.ReadAllBytes(System.IO.Path.Combine(folder, f.Path)))),
        ]);
    }

    private static ReceiptSource FromArchive(string file)
    {
        var archive = ArchiveFile.Open(file);
        var receipt = ReceiptVerifier.Peek(archive.Receipt);
        var files = new List<Artefact>();
        foreach (var named in receipt?.Model?.Files ?? [])
            if (archive.Find(named.Content) is { } bytes)
                files.Add(new Artefact(named.Path, bytes));
        return new ReceiptSource(file, archive.Receipt, receipt, files) { Archive = archive };
    }

    // A receipt comes from strangers: it must not point outside its folder.
    private static bool IsPlain(string path) =>
        !System.IO.Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");
}
