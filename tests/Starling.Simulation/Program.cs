using System.Diagnostics;
using System.Globalization;
using Starling.Simulation.World;

namespace Starling.Simulation;

/// <summary>
/// Runs the tests, or with <c>--seed N [--count N] [--trace]</c> the given seeds, each of which replays exactly.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (args.Contains("--seed"))
            return Replay(Number(args, "--seed", 0), Number(args, "--count", 1), args.Contains("--trace"));
        return args.Any(a => a is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
    }

    private static int Replay(ulong first, ulong count, bool trace)
    {
        var lab = new TaskLab();
        var failed = 0;
        var watch = Stopwatch.StartNew();
        var virtualMs = 0L;
        var (crashes, convictions) = (0, 0);
        for (var seed = first; seed < first + count; seed++)
        {
            var run = new SimulationRun(Scenario.Draw(seed), lab);
            run.World.Tracing = trace;
            try
            {
                var report = run.Run();
                virtualMs += report.VirtualMs;
                convictions += report.Convictions;
                crashes += report.Crashes;
                if (count == 1)
                    Console.WriteLine(report);
            }
            catch (Exception e)
            {
                failed++;
                Console.WriteLine($"{Scenario.Draw(seed)}\n  FAILED: {(count == 1 ? e : e.Message)}");
            }

            if (trace)
                foreach (var line in run.World.Trace)
                    Console.WriteLine(line);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds, {failed} failed, {watch.Elapsed.TotalSeconds:F1} s, {virtualMs / 3.6e6:F1} virtual hours, {crashes} crashes, {convictions} convictions, {lab.Executed} task runs"));
        return failed == 0 ? 0 : 1;
    }

    private static ulong Number(string[] args, string name, ulong otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? ulong.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
