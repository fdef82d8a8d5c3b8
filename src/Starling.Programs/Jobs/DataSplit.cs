namespace Starling.Programs.Jobs;

/// <summary>How many records (tokens, rows) are trained on and how many are held out.</summary>
internal readonly record struct DataSplit(int Train, int HeldOut)
{
    /// <summary>At least one record on each side; the fraction is rounded down, in double precision.</summary>
    public static DataSplit Of(TrainJob job, int records)
    {
        var heldOut = Math.Max((int)(records * (double)job.TestSize), 1);
        return new DataSplit(records - heldOut, heldOut);
    }

    /// <summary>What makes a dataset too short for a job; empty when it is not.</summary>
    public static string TooShort(TrainJob job, int records)
    {
        var split = Of(job, records);
        if (!job.IsText)
            return split.Train < job.Workers ? $"has too few rows ({records}) for {job.Workers} workers" : "";
        return Math.Min(split.Train / job.Workers, split.HeldOut) > job.MaxLength
            ? ""
            : $"is too short: {records} bytes for {job.Workers} workers and a held-out part, each longer than "
                + $"max_length ({job.MaxLength})";
    }

    /// <summary>The part of the training records that is a worker's: contiguous, covering, disjoint.</summary>
    public (int First, int Count) PartOf(int worker, int workers)
    {
        var first = (int)((long)Train * worker / workers);
        return (first, (int)((long)Train * (worker + 1) / workers) - first);
    }
}
