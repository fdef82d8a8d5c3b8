using System.Diagnostics;
using System.Globalization;
using Starling.Simulation.World;

namespace Starling.Simulation;

/// <summary>
/// Runs the tests, or with <c>--seed N [--count N] [--trace]</c> the given seeds, each of which replays exactly, on all
/// processors.
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
        var (lab, tally, watch) = (new TaskLab(), new Tally(), Stopwatch.StartNew());
        Parallel.For((long)first, (long)(first + count), seed => One((ulong)seed, lab, tally, single: count == 1, trace));
        var hours = tally.VirtualMs / 3.6e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds from {first}, {tally.Failed} failed, {watch.Elapsed.TotalSeconds:F1} s, {hours:F1} virtual hours ({hours / watch.Elapsed.TotalSeconds:F3} a second), {tally.Crashes} crashes, {tally.Convictions} convictions, {lab.Executed} different tasks"));
        return tally.Failed == 0 ? 0 : 1;
    }

    private static void One(ulong seed, TaskLab lab, Tally tally, bool single, bool trace)
    {
        var run = new SimulationRun(Scenario.Draw(seed), lab);
        run.World.Tracing = trace;
        SimulationReport? report = null;
        Exception? failure = null;
        try
        {
            report = run.Run();
            foreach (var (job, model) in report.Models)
                if (!model.SequenceEqual(Models.Of(job, lab)))
                    throw new InvalidOperationException($"another model of job {job}");
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (tally)
        {
            tally.Add(report, failure);
            if (failure is not null)
                Console.WriteLine($"{Scenario.Draw(seed)}\n  FAILED: {(single ? failure : failure.Message)}");
            else if (single)
                Console.WriteLine(report);
            if (trace)
                foreach (var line in run.World.Trace)
                    Console.WriteLine(line);
        }
    }

    private static ulong Number(string[] args, string name, ulong otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? ulong.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private sealed class Tally
    {
        public int Failed { get; private set; }

        public int Crashes { get; private set; }

        public int Convictions { get; private set; }

        public long VirtualMs { get; private set; }

        public void Add(SimulationReport? report, Exception? failure)
        {
            Failed += failure is null ? 0 : 1;
            Crashes += report?.Crashes ?? 0;
            Convictions += report?.Convictions ?? 0;
            VirtualMs += report?.VirtualMs ?? 0;
        }
    }
}
