using Starling.Cli.Results;
using Starling.Proofs.Receipts;

namespace Starling.Cli.Verifying;

/// <summary>A receipt on this disk and the files that it names beside it. Nothing is trusted before it is verified.</summary>
/// <param name="Bytes">The receipt file's bytes.</param>
/// <param name="Receipt">What they decode to, unchecked; null when they are no receipt.</param>
/// <param name="Files">The named files that are there.</param>
internal sealed record ReceiptFolder(byte[] Bytes, Receipt? Receipt, IReadOnlyList<Artefact> Files)
{
    /// <param name="path">A receipt, or the output folder of a run.</param>
    /// <exception cref="CliException">There is no such file, or it is too large.</exception>
    public static ReceiptFolder Open(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, OutputFolder.ReceiptName) : path;
        var bytes = Read(file);
        var receipt = ReceiptVerifier.Peek(bytes);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return new ReceiptFolder(bytes, receipt,
        [
            .. (receipt?.Model?.Files ?? [])
                .Where(f => IsPlain(f.Path) && File.Exists(Path.Combine(folder, f.Path)))
                .Select(f => new Artefact(f.Path, File.ReadAllBytes(Path.Combine(folder, f.Path)))),
        ]);
    }

    // A receipt comes from strangers: it must not point outside its folder.
    private static bool IsPlain(string path) =>
        !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");

    private static byte[] Read(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: > ReceiptLimits.Bytes }
                ? throw new CliException(ExitCode.NotVerified, $"{file}: is too large to be a receipt")
                : File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.BadInput, $"{file}: no such file; give a receipt, or the output folder of a run");
        }
    }
}
