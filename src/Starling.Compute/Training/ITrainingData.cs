using Starling.Arithmetic;

namespace Starling.Compute.Training;

/// <summary>Fills the data inputs of a step. The batch is a pure function of the step.</summary>
public interface ITrainingData
{
    /// <summary>
    /// Writes sequences <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 of
    /// <paramref name="step"/>: one row of data and one target per row.
    /// </summary>
    void Fill(long step, int first, int count, TensorView data, TensorView targets);
}
