using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Work;

/// <summary>
/// Silicon fails, and so do builds: where several providers of one build are proven wrong within a while, slashing
/// pauses for that build and all its tasks are audited instead (protocol.md, 3). Results whose audit was not certain when
/// they were begun lose their bond all the same.
/// </summary>
internal static class Faults
{
    public static bool Paused(Step step, string build) =>
        build.Length > 0 && step.State.Faults.Find(FaultsRecord.KeyOf(build)) is { } faults && faults.PausedUntil > step.Time;

    /// <summary>Counts a result that was proven wrong; true when slashing pauses for its build.</summary>
    public static bool Count(Step step, AttemptRecord attempt)
    {
        var rules = step.Rules;
        if (attempt.Build.Length == 0 || rules.FaultsToPause == 0)
            return Paused(step, attempt.Build);
        var old = step.State.Faults.Find(FaultsRecord.KeyOf(attempt.Build))
            ?? new FaultsRecord(attempt.Build, [], default, default);
        var since = step.Time.Milliseconds - rules.FaultWindowMs;
        var entries = Array.FindAll(old.Entries, e => e.Provider != attempt.Provider && e.At.Milliseconds >= since);
        entries = [.. entries.TakeLast(Protocol.Genesis.Rules.MaxFaults - 1), new FaultEntry(attempt.Provider, step.Time)];
        var paused = old.PausedUntil;
        if (entries.Length >= rules.FaultsToPause)
        {
            paused = Later(paused, step.Time.After(rules.PauseMs));
            step.Emit(new SlashingPaused(attempt.Build, paused));
        }

        var due = Later(paused, step.Time.After(rules.FaultWindowMs));
        step.State.Faults.Put(new FaultsRecord(attempt.Build, entries, paused, due));
        return paused > step.Time;
    }

    public static void Forget(Step step, Hash256 key) => step.State.Faults.Remove(key);

    private static Timestamp Later(Timestamp a, Timestamp b) => a > b ? a : b;
}
