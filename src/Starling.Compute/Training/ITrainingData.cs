using Starling.Arithmetic;

namespace Starling.Compute.Training;

/// <summary>Fills the data inputs of a step. The batch is a pure function of the step.</summary>
public interface ITrainingData
{
    /// <summary>Writes the batch of <paramref name="step"/>: one row of data and one target per row.</summary>
    void Fill(long step, int sequences, TensorView data, TensorView targets);
}
