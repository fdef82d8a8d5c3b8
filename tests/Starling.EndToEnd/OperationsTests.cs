using System.Text.Json;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>The commands of docs/operations.md, as people type them.</summary>
public sealed class OperationsTests
{
    [Fact]
    public async Task ANetworkIsCopiedRestoredAndExamined()
    {
        using var work = new Workspace();
        var made = await Command.Run("network", "init", "--home", work.Home, "--listen", "127.0.0.1:4690", "-o", "json");
        Assert.True(made.Code == 0, made.ToString());
        var written = await Command.Run("network", "backup", work["backup"], "--home", work.Home, "-o", "json");
        Assert.True(written.Code == 0, written.ToString());
        var again = await Command.Run("network", "backup", work["backup"], "--home", work.Home);
        Assert.Equal(1, again.Code);
        Assert.Contains("is there already", again.Error, StringComparison.Ordinal);
        var restored = await Command.Run("network", "restore", work["backup"], "--home", work["restored"], "-o", "json");
        Assert.True(restored.Code == 0, restored.ToString());
        Assert.Equal(made.Json.GetProperty("chain").GetString(), restored.Json.GetProperty("chain").GetString());

        var healthy = await Command.Run("doctor", "--home", work["restored"], "--url", "http://127.0.0.1:1", "-o", "json");
        Assert.True(healthy.Code == 0, healthy.ToString());
        await File.AppendAllTextAsync(Path.Combine(work["restored"], "node.yaml"), "slots: none\n", TestContext.Current.CancellationToken);
        var ill = await Command.Run("doctor", "--home", work["restored"], "--url", "http://127.0.0.1:1", "-o", "json");
        Assert.Equal(1, ill.Code);
        Assert.Contains(ill.Json.GetProperty("checks").EnumerateArray(), c => Is(c, "settings", "bad"));
        Assert.Contains(ill.Json.GetProperty("checks").EnumerateArray(), c => Is(c, "arithmetic", "ok"));
    }

    private static bool Is(JsonElement check, string name, string state) =>
        check.GetProperty("check").GetString() == name && check.GetProperty("state").GetString() == state;
}
