using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Starling.Host.Ports;
using Starling.Host.Tasks;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Bench;

/// <summary>What one task took, in seconds of a processor; only runs that gave a result count.</summary>
/// <param name="Work">The first run, by its provider, with its commitments.</param>
/// <param name="Commitments">Of it, hashing its outputs as blobs and as every committed state.</param>
/// <param name="Replays">All further runs, by auditors.</param>
/// <param name="Measuring">What finding out about commitments took: no part of the others.</param>
internal sealed record TaskTimes(double Work, double Commitments, double Replays, double Measuring);

/// <summary>
/// Times every run of the task threads by the processor's clock of its thread. Who runs a specification first is its
/// provider; whoever runs it again audits it, since a provider runs nothing twice.
/// </summary>
internal sealed class TaskMeter
{
    private ConcurrentDictionary<Hash256, TaskTimes> _times = new();

    /// <summary>What was measured since the last call, by content id of the specification.</summary>
    public IReadOnlyDictionary<Hash256, TaskTimes> Take() => Interlocked.Exchange(ref _times, new());

    public ITaskEngine Around(ITaskEngine engine) => new Engine(this, engine);

    private void Ran(TaskSpec spec, TaskOutcome outcome, double seconds, IBlobStore blobs)
    {
        // What this machine could not run, an input of it was missing, is run again and no part of the task.
        if (outcome is not TaskOutcome.Completed { Claim: var claim })
            return;
        var times = _times;
        var id = Blake3.Hash(RecordCodec.Encode(spec));
        if (!times.TryAdd(id, new TaskTimes(seconds, 0, 0, 0)))
        {
            times.AddOrUpdate(id, static _ => throw new UnreachableException(), (_, t) => t with { Replays = t.Replays + seconds });
            return;
        }

        var (start, hashing) = (ThreadSeconds(), 0.0);
        foreach (var output in claim.Outputs)
        {
            var bytes = blobs.Read(output)!;
            var before = ThreadSeconds();
            Blake3.Hash(bytes);
            hashing += ThreadSeconds() - before;
        }

        // Outputs are one full state: hashed once as blobs, and once for each state root of the trace.
        var commitments = hashing * (1 + claim.TraceLength);
        var measuring = ThreadSeconds() - start;
        times.AddOrUpdate(
            id, static _ => throw new UnreachableException(),
            (_, t) => t with { Commitments = commitments, Measuring = measuring });
    }

    private static double ThreadSeconds()
    {
        const int threadClock = 3;
        return OperatingSystem.IsLinux() && Time(threadClock, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int Time(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private sealed class Engine(TaskMeter meter, ITaskEngine engine) : ITaskEngine
    {
        public TaskOutcome Run(TaskSpec spec, IBlobStore blobs, CancellationToken cancel)
        {
            var start = ThreadSeconds();
            var outcome = engine.Run(spec, blobs, cancel);
            meter.Ran(spec, outcome, ThreadSeconds() - start, blobs);
            return outcome;
        }

        public DisputeMove Play(PlayMove move, IBlobStore blobs, CancellationToken cancel) => engine.Play(move, blobs, cancel);
    }
}
