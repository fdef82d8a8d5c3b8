using Starling.Compute.Models;

namespace Starling.Programs.Jobs;

/// <summary>Sizes that no training job may exceed, whether it comes from a file or from the network.</summary>
internal static class TrainLimits
{
    /// <summary>Rows of one step: sequences times tokens.</summary>
    private const long MaxRows = 1 << 22;

    /// <summary>Parameters as a blob; moments, twice as large, still fit an array.</summary>
    private const long MaxModelBytes = 1L << 29;

    /// <summary>What is wrong with the size of a step; empty when nothing is.</summary>
    public static string StepProblem(int batch, int length, int accumulation) =>
        (long)batch * length * accumulation is var rows && rows > MaxRows
        ? $"times max_length{(accumulation > 1 ? " times gradient_accumulation_steps" : "")} is {rows} rows per step; at most {MaxRows}"
        : "";

    /// <summary>What is wrong with the size of a model; empty when nothing is.</summary>
    public static string ModelProblem(ModelConfig model) => model.CreateLayout().TotalBytes is var bytes && bytes > MaxModelBytes
        ? $"takes {bytes >> 20} MiB as a blob; at most {MaxModelBytes >> 20} MiB"
        : "";
}
