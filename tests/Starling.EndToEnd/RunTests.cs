using Xunit;

namespace Starling.EndToEnd;

/// <summary>One job, many circumstances, one model.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task TheModelIsTheSameWhateverHappensOnTheWay()
    {
        var circumstances = new (string Name, string[] Options)[]
        {
            ("one provider", ["--providers", "1"]),
            ("two providers", ["--providers", "2"]),
            ("a provider is killed", ["--kill", "provider-1@30%"]),
        };
        var results = await Task.WhenAll(circumstances.Select(c => Run(c.Options)));
        var expected = await Honest.Model;
        for (var i = 0; i < results.Length; i++)
        {
            var model = results[i].Json.GetProperty("model").GetString();
            Assert.True(model == expected, $"{circumstances[i].Name}: {model}, not {expected}");
        }
    }

    [Fact]
    public async Task TheResultIsOneObjectWithEverythingInIt()
    {
        using var work = new Workspace();
        var result = await Command.Run(work.RunTiny());
        Assert.True(result.Code == 0, result.ToString());
        foreach (var name in (string[])["job", "model", "receipt", "heldOutLoss", "work", "cost", "seconds", "audits", "slashed"])
            Assert.True(result.Json.TryGetProperty(name, out _), name);
        string[] files = ["config.json", "loss.png", "metrics.jsonl", "model.safetensors", "receipt.cbor", "receipt.json"];
        foreach (var file in files)
            Assert.True(new FileInfo(Path.Combine(work.Output, file)).Length > 0, file);
        Assert.Equal(30, File.ReadLines(Path.Combine(work.Output, "metrics.jsonl")).Count() + 7);
        await CheckReceipt(work);
    }

    [Theory]
    [InlineData("wrong-result")]
    [InlineData("lazy")]
    public async Task AProviderThatLiesIsConvictedAndReplaced(string how)
    {
        using var work = new Workspace();
        var result = await Command.Run(work.RunTiny("--providers", "3", "--misbehave", $"provider-1={how}"));
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(await Honest.Model, result.Json.GetProperty("model").GetString());
        Assert.Contains("provider-1", result.Json.GetProperty("slashed").EnumerateArray().Select(e => e.GetString()));
    }

    /// <summary>The gateway asks in the log for what nobody gives it; who does not answer is replaced.</summary>
    [Fact]
    public async Task AProviderThatGivesNobodyItsResultsIsReplaced()
    {
        using var work = new Workspace();
        var result = await Command.Run(work.RunTiny("--providers", "3", "--misbehave", "provider-1=withhold"));
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(await Honest.Model, result.Json.GetProperty("model").GetString());
    }

    private static async Task<CommandResult> Run(string[] options)
    {
        using var work = new Workspace();
        var result = await Command.Run(work.RunTiny(options));
        Assert.True(result.Code == 0, result.ToString());
        return result;
    }

    private static async Task CheckReceipt(Workspace work)
    {
        var receipt = Path.Combine(work.Output, "receipt.cbor");
        var verified = await Command.Run("verify", receipt);
        Assert.True(verified.Code == 0, verified.ToString());
        var foreign = await Command.Run("verify", receipt, "--genesis", new string('0', 64));
        Assert.True(foreign.Code == 8, foreign.ToString());
        foreach (var file in (string[])["receipt.cbor", "model.safetensors"])
        {
            var path = Path.Combine(work.Output, file);
            var bytes = await File.ReadAllBytesAsync(path);
            var flipped = (byte[])bytes.Clone();
            flipped[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(path, flipped);
            var altered = await Command.Run("verify", receipt);
            Assert.True(altered.Code == 4, altered.ToString());
            Assert.Contains("not verified", altered.Out, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(path, bytes);
        }
    }
}
