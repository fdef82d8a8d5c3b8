using System.Diagnostics;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Compute.Equality;

/// <summary>The same bits on arm64: the program published for it, with its own runtime, under qemu's user emulation.</summary>
public sealed class NeonTests
{
    private const string Emulator = "/usr/bin/qemu-aarch64-static";

    /// <summary>
    /// The emulator loses a thread's state now and then when the runtime interrupts the thread with a signal, which ends
    /// in an access violation. So nothing interrupts: one compilation per method, and no collection below 1 GiB.
    /// </summary>
    private static readonly (string, string)[] s_quiet =
        [("DOTNET_TieredCompilation", "0"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_GCgen0size", "40000000")];

    private static readonly string s_folder = Path.Combine(Repository.Root, "artifacts", "arm64");

    [Fact]
    public async Task The_128_bit_path_of_arm64_has_the_bits_of_the_scalar_reference()
    {
        var root = Path.Combine(s_folder, "root");
        Assert.SkipUnless(File.Exists(Emulator) && Directory.Exists(root), "not run: eng/arm64-root installs what it needs");
        var program = await Publish();
        var output = await EqualityProgram.Run(Emulator, ["-L", root, program, "best", "2"], s_quiet);
        Assert.Equal("# Arm64 V128 2", output.How);
        EqualityTests.Check(await EqualityProgram.Reference, output);
    }

    /// <summary>
    /// Publishes under a folder of its own, as a restore for another runtime would disturb the build that runs. The log
    /// goes to a file: compilers that outlive the command would keep a pipe open.
    /// </summary>
    private static async Task<string> Publish()
    {
        var log = Path.Combine(s_folder, "publish.log");
        var project = Path.Combine(Repository.Root, "tests", "Starling.Equality");
        var start = new ProcessStartInfo("bash", ["-c", """exec dotnet publish "$@" >"$0" 2>&1 </dev/null""", log, project,
            "-c", "Release", "-r", "linux-arm64", "--self-contained", $"-p:ArtifactsPath={s_folder}/build",
            "-p:RunAnalyzers=false", "-nodeReuse:false", "-v", "q", "-nologo"]);
        using var publish = Process.Start(start)!;
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, File.ReadAllText(log));
        return Path.Combine(s_folder, "build", "publish", "Starling.Equality", "release_linux-arm64", "Starling.Equality");
    }
}
