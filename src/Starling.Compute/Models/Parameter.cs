using Starling.Arithmetic;

namespace Starling.Compute.Models;

/// <summary>How a parameter starts.</summary>
public enum InitialKind
{
    Zero = 0,
    One = 1,

    /// <summary>Normal with mean 0 and <see cref="Parameter.Deviation"/>.</summary>
    Normal = 2,
}

/// <summary>One trained tensor of a model.</summary>
/// <param name="Name">Its name in the Hugging Face layout.</param>
/// <param name="Shape">Weights are stored (out, in).</param>
/// <param name="Decays">Whether weight decay applies: matrices do, gains and biases do not.</param>
public sealed record Parameter(string Name, Shape Shape, InitialKind Initial, float Deviation, bool Decays)
{
    /// <summary>Dimensions that the tensor has in a checkpoint: 1 for gains and biases, 2 for matrices.</summary>
    public int Dimensions { get; init; } = 2;
}
