using System.Diagnostics;
using Starling.Compute.Kernels;
using Starling.Tests.Architecture;

namespace Starling.Tests.Compute.Equality;

/// <summary>What Starling.Equality printed: how it computed, and a line for every hash.</summary>
internal sealed record EqualityOutput(string How, IReadOnlyList<string> Lines)
{
    public VectorWidth Width => Enum.Parse<VectorWidth>(How.Split(' ')[2]);
}

/// <summary>Runs Starling.Equality as a process of its own.</summary>
internal static class EqualityProgram
{
    /// <summary>Its build beside that of the tests, of the same configuration.</summary>
    public static string Built { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Starling.Equality", new DirectoryInfo(AppContext.BaseDirectory).Name,
        "Starling.Equality.dll"));

    private static readonly Lazy<Task<EqualityOutput>> s_reference = new(() => Run("dotnet", [Built, "Scalar"]));

    /// <summary>What every run must print: the scalar reference's lines. Made once.</summary>
    public static Task<EqualityOutput> Reference => s_reference.Value;

    public static async Task<EqualityOutput> Run(
        string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}{await output}");
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new EqualityOutput(lines[0], lines[1..]);
    }
}
