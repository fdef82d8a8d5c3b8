using Starling.Arithmetic.Reference;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class OuterStepTests
{
    private static readonly MlpConfig Model = new() { InputSize = 3, HiddenSizes = [4], Labels = 2 };

    [Fact]
    public void MovesByNesterovOfTheMeanUpdate()
    {
        using TensorMemory checkpoint = Filled(0), velocity = Filled(1), a = Filled(2), b = Filled(3);
        using TensorMemory before = Filled(0), oldVelocity = Filled(1);
        Assert.True(Merge(checkpoint, velocity, a, b));
        for (int tensor = 0; tensor < checkpoint.Tensors.Length; tensor++)
            for (int i = 0; i < checkpoint.Tensors[tensor].Span.Length; i++)
            {
                float start = before.Tensors[tensor].Span[i];
                float delta = start - ((a.Tensors[tensor].Span[i] + b.Tensors[tensor].Span[i]) / 2);
                float moved = (0.9f * oldVelocity.Tensors[tensor].Span[i]) + delta;
                Assert.Equal(moved, velocity.Tensors[tensor].Span[i], 1e-5f);
                Assert.Equal(start - (0.7f * (delta + (0.9f * moved))), checkpoint.Tensors[tensor].Span[i], 1e-5f);
            }
    }

    [Fact]
    public void TheOrderOfWorkersIsInvisible()
    {
        using TensorMemory checkpoint = Filled(0), velocity = Filled(1), a = Filled(2), b = Filled(3), c = Filled(4);
        using TensorMemory checkpoint2 = Filled(0), velocity2 = Filled(1);
        Merge(checkpoint, velocity, a, b, c);
        Merge(checkpoint2, velocity2, c, a, b);
        Assert.Equal(StateBlob.Encode(checkpoint), StateBlob.Encode(checkpoint2));
        Assert.Equal(StateBlob.Encode(velocity), StateBlob.Encode(velocity2));
    }

    [Fact]
    public void AWorkerWithNaNMakesTheMergeNotFinite()
    {
        using TensorMemory checkpoint = Filled(0), velocity = Filled(1), a = Filled(2);
        a.Tensors[0].Span[0] = float.NaN;
        Assert.False(Merge(checkpoint, velocity, a));
    }

    private static bool Merge(TensorMemory checkpoint, TensorMemory velocity, params TensorMemory[] workers) =>
        OuterStep.Run(Model, new OuterSettings(), checkpoint, velocity, workers, new ScalarBackend());

    private static TensorMemory Filled(ulong seed)
    {
        TensorMemory memory = new(Model.CreateLayout());
        for (int i = 0; i < memory.Tensors.Length; i++)
            Numbers.Normal(memory.Tensors[i].Shape, seed, (uint)i).CopyTo(memory.Tensors[i].Span);
        return memory;
    }
}
