using Starling.Arithmetic.Random;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>Initial weights, each a function of (seed, parameter, element).</summary>
internal static class Initialiser
{
    public static void Fill(ModelConfig model, ulong seed, TensorMemory memory)
    {
        IReadOnlyList<Parameter> parameters = model.ListParameters();
        for (int i = 0; i < parameters.Count; i++)
            Fill(parameters[i], new Philox(seed, (uint)Purpose.Initialise, (uint)i), memory.Tensors[i].Span);
    }

    private static void Fill(Parameter parameter, Philox random, Span<float> values)
    {
        if (parameter.Initial == InitialKind.Normal)
            for (int i = 0; i < values.Length; i++)
                values[i] = random.Normal((ulong)i) * parameter.Deviation;
        else
            values.Fill(parameter.Initial == InitialKind.One ? 1 : 0);
    }
}
