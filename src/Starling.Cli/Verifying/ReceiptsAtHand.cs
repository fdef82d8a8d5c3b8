using Starling.Proofs.Receipts;

namespace Starling.Cli.Verifying;

/// <summary>Verified receipts in folders of this disk: in the folder itself and in those right below it.</summary>
internal static class ReceiptsAtHand
{
    private const int MostFolders = 1_000;

    public static IEnumerable<ReceiptReport> In(IEnumerable<string> folders)
    {
        foreach (var folder in folders.Where(Directory.Exists).SelectMany(Below).Distinct().Take(MostFolders))
        {
            var file = Path.Combine(folder, ReceiptSource.FileName);
            if (!File.Exists(file) || new FileInfo(file).Length > ReceiptLimits.Bytes)
                continue;
            var report = ReceiptVerifier.Verify(File.ReadAllBytes(file));
            if (report.Verified)
                yield return report;
            else
                Console.Error.WriteLine($"starling: left out {file}: {report.Failure}");
        }
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { IgnoreInaccessible = true })
            .Order(StringComparer.Ordinal).Prepend(Path.GetFullPath(folder));
}
