using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Plans;

namespace Starling.Programs.Jobs;

/// <summary>How much memory a provider needs for the largest task of a job.</summary>
internal static class JobMemory
{
    private const long MiB = 1 << 20;

    /// <summary>Room for the process beside the tensors.</summary>
    private const long Base = 192 * MiB;

    /// <summary>Checks a given size against what is known before the dataset is.</summary>
    public static void Check(Job job, JobReader reader)
    {
        if (job.Resources.MemoryMiB is { } given && NeedMiB((TrainJob)job.Work, 0) is var need && given < need)
            reader.Errors.Add(new JobError(
                reader.PlaceOf(JobKeys.Resources.Name).Line, reader.PlaceOf(JobKeys.Resources.Name).Column,
                "resources.memory", Message(given, need), Fix(need)));
    }

    public static JobError TooLittle(JobParse parse, int given, int need) =>
        parse.ErrorAt("resources.memory", Message(given, need), Fix(need));

    /// <summary>MiB of the largest task, in whole 64 MiB.</summary>
    public static int NeedMiB(TrainJob job, int records)
    {
        var parameters = job.Model.CreateLayout().TotalBytes;
        // Inner: the trainer, and its state as blobs, in and out; merge: one model per worker, twice.
        var inner = TrainingWork.PeakBytesOfSteps(TrainGraphs.Recipe(job, 0)) + (9 * parameters);
        var merge = (2L * (job.Workers + 3)) * parameters;
        var data = 8L * records * (job.Model is MlpConfig mlp ? mlp.InputSize : 1);
        var bytes = Base + Math.Max(inner, merge) + data;
        return checked((int)((bytes + (64 * MiB) - 1) / (64 * MiB) * 64));
    }

    private static string Message(int given, int need) => $"{given} MiB is too little: the largest task needs {need} MiB";

    private static string Fix(int need) => $"give at least {need} MiB, or a smaller model or batch";
}
