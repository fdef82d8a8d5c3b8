using Xunit;

namespace Starling.EndToEnd;

/// <summary>What a job left, with the network gone: its process ended, its home removed, the folder moved, another user.</summary>
public sealed class OfflineTests
{
    private static readonly string s_data = Path.Combine(Path.GetDirectoryName(Workspace.Tiny)!, "data", "tinyshakespeare.txt");

    [Fact]
    public async Task AReceiptVerifiesWithTheNetworkGoneAndNoFlippedByteDoes()
    {
        using var work = new Workspace();
        var run = await Command.Run(work.RunTiny());
        Assert.True(run.Code == 0, run.ToString());
        using var elsewhere = new Workspace();
        Directory.Delete(work.Home, recursive: true);
        var folder = elsewhere["moved"];
        Directory.Move(work.Output, folder);

        await Holds(elsewhere, "verify", folder);
        await Holds(elsewhere, "verify", folder, "--replay", "3", "--data", s_data);
        var archive = elsewhere["job.tar"];
        await Holds(elsewhere, "archive", folder, "--data", s_data, "--output", archive);
        await Holds(elsewhere, "verify", archive, "--replay", "3");
        var sampled = await Task.WhenAll(Directory.GetFiles(folder).Where(IsNamed).Append(archive).Select(f => Altered(elsewhere, f)));
        Assert.True(sampled.Sum() >= 6, $"{sampled.Sum()} places were altered");
    }

    /// <summary>Those of the folder that the receipt names, and itself; the others are views for people.</summary>
    private static bool IsNamed(string file) => Path.GetFileName(file) is not ("receipt.json" or "metrics.jsonl" or "loss.png");

    /// <summary>Flips a byte of a copy at some places; each must be noticed.</summary>
    private static async Task<int> Altered(Workspace work, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var name = Path.GetFileName(file);
        var copies = Directory.CreateDirectory(work[$"altered-{name}"]).FullName;
        foreach (var beside in Directory.GetFiles(Path.GetDirectoryName(file)!).Where(f => !f.EndsWith(".tar", StringComparison.Ordinal)))
            File.Copy(beside, Path.Combine(copies, Path.GetFileName(beside)));
        var places = new[] { bytes.Length / 2, bytes.Length - 1 }.Where(p => !IsPadding(name, bytes, p)).ToArray();
        foreach (var place in places)
        {
            var altered = (byte[])bytes.Clone();
            altered[place] ^= 1;
            await File.WriteAllBytesAsync(Path.Combine(copies, name), altered);
            var said = await Command.RunAs(work.Home, "verify", name.EndsWith(".tar", StringComparison.Ordinal) ? Path.Combine(copies, name) : copies);
            Assert.True(said.Code == 4, $"{name}, byte {place}: {said}");
        }

        return places.Length;
    }

    // The end of a tar is padding: no name covers it, and nothing reads it.
    private static bool IsPadding(string name, byte[] bytes, int place) =>
        name.EndsWith(".tar", StringComparison.Ordinal) && place == bytes.Length - 1;

    private static async Task Holds(Workspace work, params string[] arguments)
    {
        var said = await Command.RunAs(work.Home, arguments);
        Assert.True(said.Code == 0, $"{string.Join(' ', arguments)}: {said}");
    }
}
