using System.Diagnostics;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Host.OpenAi;

/// <summary>The official client for JavaScript, unmodified, of the version that the lock file pins.</summary>
public sealed class JavaScriptClientTests(ServedFixture served) : IClassFixture<ServedFixture>
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "clients", "javascript");

    [Fact]
    public async Task ItsSuitePasses()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(s_folder, "node_modules", "openai")), "NOT RUN: run 'npm ci' in tests/clients/javascript first; .ci/run does");
        var start = new ProcessStartInfo("node") { WorkingDirectory = s_folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("suite.mjs");
        start.ArgumentList.Add(new Uri(served.Open.Address, "/v1").ToString());
        start.ArgumentList.Add(ServedFixture.Model);
        using var node = Process.Start(start)!;
        var text = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, $"{await text}\n{await errors}");
        Assert.Contains("14 passed", await text);
    }
}
