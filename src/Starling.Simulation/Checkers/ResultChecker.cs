using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Checkers;

/// <summary>Re-derives every final result: what was paid is what an honest machine computes.</summary>
public static class ResultChecker
{
    public static void Check(LedgerState state, BlobWorld blobs, ITaskLab lab)
    {
        foreach (var task in state.Tasks.InOrder())
        {
            if (task.Phase != TaskPhase.Final)
                continue;
            var spec = RecordCodec.Decode<TaskSpec>(blobs.Bytes(task.Issue.Spec));
            var honest = lab.Run(spec, blobs.Bytes).Outcome;
            if (honest is not TaskOutcome.Completed completed || !completed.Claim.Equals(task.Current.Claim))
                throw new SimulationFailure(
                    $"{task.Issue.Node} is final with a result that an honest machine does not give ({honest})");
        }
    }

    /// <summary>Every attempt that showed a result, and whether an honest machine gives it.</summary>
    public static IReadOnlyList<(AttemptRecord Attempt, bool IsTrue)> Shown(LedgerState state, BlobWorld blobs, ITaskLab lab)
    {
        var shown = new List<(AttemptRecord, bool)>();
        foreach (var task in state.Tasks.InOrder())
        {
            var spec = RecordCodec.Decode<TaskSpec>(blobs.Bytes(task.Issue.Spec));
            foreach (var attempt in task.Attempts.Where(a => a.Claim is not null))
                shown.Add((attempt, lab.Run(spec, blobs.Bytes).Outcome switch
                {
                    TaskOutcome.Completed honest => honest.Claim.Equals(attempt.Claim),
                    _ => attempt.Claim!.Outputs.Length == 0,
                }));
        }

        return shown;
    }

    /// <summary>The outputs of a job's last task.</summary>
    public static Hash256[] ModelOf(LedgerState state, JobRecord job) =>
        state.Tasks.Find(job.Result!.Value)!.Current.Claim!.Outputs;
}
