using System.Diagnostics;
using System.Text.RegularExpressions;
using Starling.Cli.Places;
using Starling.Tests.Architecture;
using Starling.Tests.Host;
using Xunit;

namespace Starling.Tests.Cli.Places;

/// <summary>Against a server that speaks the S3 protocol and checks signatures, both ways.</summary>
public sealed partial class S3Tests
{
    private static readonly string s_server = Path.Combine(Repository.Root, "tests", "servers", "s3");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResultsGoToAStoreAndInputsComeFromIt()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(s_server, "node_modules", "s3rver")),
            "NOT RUN: run 'npm ci' in tests/servers/s3 first; .ci/run does");
        using var folder = new TemporaryFolder();
        using var server = await Start(folder["store"]);
        try
        {
            await File.WriteAllBytesAsync(folder["model.safetensors"], [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)], Cancel);
            await File.WriteAllTextAsync(folder["receipt.json"], "{}", Cancel);
            var output = new OutputPlace(folder.Path, S3Address.Parse("s3://models/runs/one/"));
            await output.Announce("version: 1", Cancel);
            await output.Send(Cancel);
            Assert.Equal("version: 1"u8.ToArray(), await Read("s3://models/runs/one/job.yaml", 100));
            var weights = InputPlace.Parse("s3://models/runs/one", ".", null).Weights();
            Assert.Equal(await File.ReadAllBytesAsync(folder["model.safetensors"], Cancel), await weights.Read(1 << 20, Cancel));
            Assert.Contains("larger", (await Refused("s3://models/runs/one/model.safetensors", 10)).Problem, StringComparison.Ordinal);
            Assert.Contains("NoSuchKey", (await Refused("s3://models/runs/two/job.yaml", 10)).Fix, StringComparison.Ordinal);
            Assert.Contains("NoSuchBucket", (await Refused("s3://nobody/runs/two/job.yaml", 10)).Fix, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }

        var gone = await Assert.ThrowsAsync<PlaceException>(
            () => new OutputPlace(folder.Path, S3Address.Parse("s3://models/a")).Send(Cancel));
        Assert.Contains("cannot be reached", gone.Problem, StringComparison.Ordinal);

        static Task<byte[]> Read(string text, long most) => InputPlace.Parse(text, ".", null).Read(most, Cancel);

        static Task<PlaceException> Refused(string text, long most) => Assert.ThrowsAsync<PlaceException>(() => Read(text, most));
    }

    private static async Task<Process> Start(string folder)
    {
        string[] arguments =
            ["node_modules/s3rver/bin/s3rver.js", "-d", folder, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", "models"];
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = s_server,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = Process.Start(start)!;
        while (await server.StandardOutput.ReadLineAsync(Cancel) is { } line)
            if (Listening().Match(line) is { Success: true } found)
            {
                _ = server.StandardOutput.ReadToEndAsync(Cancel);
                _ = server.StandardError.ReadToEndAsync(Cancel);
                Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{found.Groups[1].Value}");
                Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
                Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
                return server;
            }

        throw new InvalidOperationException(await server.StandardError.ReadToEndAsync(Cancel));
    }

    [GeneratedRegex(@":(\d+)\s*$")]
    private static partial Regex Listening();
}
