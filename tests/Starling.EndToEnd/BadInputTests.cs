using Microsoft.Data.Sqlite;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>Each kind of bad input: one clear message, the documented exit code, nothing started.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("batch_size: 2", "batch_sise: 2", 2, "batch_sise", "batch_size")]
    [InlineData("max_steps: 10", "max_steps: ten", 2, "max_steps", "job.yaml:")]
    [InlineData("max_steps: 10", "max_steps: -1", 2, "max_steps", "job.yaml:")]
    [InlineData("tinyshakespeare.txt", "nothing.txt", 2, "train.dataset", "nothing.txt")]
    [InlineData("budget: 0.01 USD", "budget: 0.000001 USD", 5, "budget", "raise it to")]
    [InlineData("budget: 0.01 USD", "resources: {memory: 4096 GiB}", 6, "no offer fits", "MiB")]
    [InlineData("budget: 0.01 USD", "resources: {region: mars}", 6, "no offer fits", "mars")]
    [InlineData("budget: 0.01 USD", "resources: {memory: 1 MiB}", 2, "memory", "job.yaml:")]
    [InlineData("version: 1", "version: 2", 2, "version", "job.yaml:")]
    public async Task AJobThatCannotRunSaysWhereAndWhy(string from, string to, int code, string place, string fix)
    {
        using var work = new Workspace();
        var result = await Command.Run("quote", work.Job(from, to), "--home", work.Home);
        Expect(result, code, place, fix);
    }

    [Fact]
    public async Task EveryErrorOfAJobFileIsToldAtOnce()
    {
        using var work = new Workspace();
        var result = await Command.Run("quote", work.Job("batch_size: 2", "batch_size: none\n  nonsense: 1"), "--home", work.Home);
        Expect(result, 2, "batch_size", "nonsense");
    }

    [Fact]
    public async Task CommandsWithBadArgumentsSayWhatIsRight()
    {
        using var work = new Workspace();
        Expect(await Command.Run("run", work["none.yaml"], "--home", work.Home), 2, "none.yaml", "starling init");
        Expect(await Command.Run("jobs", "list", "--home", work.Home), 7, "no network", "starling up");
        Expect(await Command.Run("jobs", "list", "--url", "http://127.0.0.1:1"), 7, "127.0.0.1:1", "starling up");
        Expect(await Command.Run(work.RunTiny("--misbehave", "provider-9=lazy")), 2, "provider-9", "provider-4");
        Expect(await Command.Run(work.RunTiny("--providers", "0")), 2, "--providers", "1 to");
        Expect(await Command.Run("quote", Workspace.Tiny, "-o", "xml"), 2, "xml", "json");
        Expect(await Command.Run("verify", work["none.cbor"]), 2, "none.cbor", "receipt");
    }

    [Fact]
    public async Task ANodeThatCannotRunSaysEverythingThatIsWrong()
    {
        using var work = new Workspace();
        Expect(
            await Command.Run("node", "--role", "king", "--listen", "here", "--slots", "0", "--home", work.Home), 2,
            "--role: 'king'", "--listen: 'here'", "--slots: '0'");
        Expect(await Command.Run("provide", "starling1-AAAA", "--home", work.Home), 2, "no invite", "copy the whole line");
        Expect(await Command.Run("provide", "--home", work.Home), 2, "belongs to no network", "network init");
        Expect(await Command.Run("network", "init", "--home", work.Home, "--listen", "0.0.0.0:4690"), 2, "--advertise", "host");
        Expect(
            await Command.Run("network", "init", "--home", work.Home, "--listen", "127.0.0.1:4690", "--rule", "speed=1"), 2,
            "'speed' is no rule");
        Expect(await Command.Run("network", "vouch", "me", "--home", work.Home), 2, "'me' is no node", "64");
    }

    [Fact]
    public async Task ATruncatedReceiptDoesNotVerify()
    {
        using var work = new Workspace();
        await File.WriteAllBytesAsync(work["receipt.cbor"], [0x83, 0x18], TestContext.Current.CancellationToken);
        var result = await Command.Run("verify", work["receipt.cbor"]);
        Assert.True(result.Code == 4, result.ToString());
        Assert.Contains("not a receipt", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADatabaseOfANewerVersionIsLeftAlone()
    {
        using var work = new Workspace();
        var folder = Directory.CreateDirectory(Path.Combine(work.Home, "nodes", "gateway"));
        var file = Path.Combine(folder.FullName, "node.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA application_id={0x53544152}; PRAGMA user_version=99";
            command.ExecuteNonQuery();
        }

        Expect(await Command.Run("up", "--home", work.Home, "--port", "0"), 1, file, "newer program");
    }

    private static void Expect(CommandResult result, int code, params string[] words)
    {
        Assert.True(result.Code == code, result.ToString());
        Assert.Empty(result.Out);
        foreach (var word in words)
            Assert.Contains(word, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
