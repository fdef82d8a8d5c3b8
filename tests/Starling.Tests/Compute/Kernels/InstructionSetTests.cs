using System.Diagnostics;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

/// <summary>The digest of version 1 again, in child processes whose runtime may not use some instructions.</summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Switched_off_it_changes_no_bit(string setting)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[setting] = "0";
        foreach (string argument in new[]
        {
            "exec", typeof(InstructionSetTests).Assembly.Location, "-class", typeof(SelfTestTests).FullName!, "-noColor",
        })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && output.Contains("Total: 2, Errors: 0, Failed: 0", StringComparison.Ordinal), output);
    }
}
