using Starling.Programs.Jobs;

namespace Starling.Proofs.Receipts;

/// <summary>Says how large a plan is before it is made, so that no receipt can ask for a huge one.</summary>
internal static class PlanNodes
{
    /// <summary>Data, first weights, the last evaluation and the export; per round the workers and a merge; evaluations between.</summary>
    public static long CountOf(JobSpec spec)
    {
        var train = spec.Train;
        var between = (train.Rounds - 1L) * train.SyncEvery / train.EvalSteps;
        return 4 + (train.Rounds * (train.Workers + 1L)) + between;
    }
}
