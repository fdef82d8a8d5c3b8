using Xunit;

namespace Starling.EndToEnd;

/// <summary>The model of the tiny job when nothing goes wrong: what every other run must give. Made once.</summary>
internal static class Honest
{
    private static readonly Lazy<Task<string>> s_model = new(Run);

    public static Task<string> Model => s_model.Value;

    private static async Task<string> Run()
    {
        using var work = new Workspace();
        var result = await Command.Run(work.RunTiny());
        Assert.True(result.Code == 0, result.ToString());
        return result.Json.GetProperty("model").GetString()!;
    }
}
