using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

/// <summary>Operators cut between threads, at sizes that are cut, against one thread.</summary>
public sealed class ThreadsTests
{
    [Fact]
    public void Every_operator_has_the_same_bits_on_three_threads()
    {
        using WorkerPool pool = new(3);
        var backend = VectorBackend.Best(pool);
        foreach (var c in KernelCases.Of(131, 1031, 67))
            Compare(backend, c);
        foreach (var c in KernelCases.Rows(1025, 19).Concat(KernelCases.Indexed(8200, 16)))
            Compare(backend, c);
    }

    [Fact]
    public void Every_slice_of_the_table_is_a_legal_call_of_the_same_operator()
    {
        foreach (var c in KernelCases.Of(6, 10, 3))
        {
            var split = Split.Of(c.Operator.Kind);
            if (split.Unit == SplitUnit.None)
                continue;
            var whole = PinnedTensor.Views(c.Fill(1, edges: false));
            var output = new PinnedTensor(c.OutputShape);
            long units = split.Units(c.Operator, whole[0], output.View);
            for (long unit = 0; unit < units; unit++)
            {
                var slices = whole.Select((view, i) =>
                    (split.Divided >> i & 1) != 0 ? Split.Slice(view, units, unit, unit + 1).Shape : view.Shape).ToArray();
                Assert.Equal(Split.Slice(output.View, units, unit, unit + 1).Shape, Shapes.Infer(c.Operator, slices));
            }
        }
    }

    [Fact]
    public void A_second_call_on_two_threads_allocates_nothing()
    {
        using WorkerPool pool = new(2);
        var backend = VectorBackend.Best(pool);
        foreach (var c in KernelCases.Of(131, 1031, 67))
        {
            if (c.Operator.Kind == OperatorKind.MeanDelta)
                continue;
            var tensors = c.Fill(1, edges: false);
            var inputs = PinnedTensor.Views(tensors);
            var output = new PinnedTensor(c.OutputShape);
            var view = output.View;
            backend.Run(c.Operator, inputs, view);
            Assert.True(LeastAllocated(() => backend.Run(c.Operator, inputs, view)) == 0, c.ToString());
            GC.KeepAlive(tensors);
        }
    }

    /// <summary>
    /// The least of a few calls: a collection that another thread causes counts this thread's unused allocation buffer too.
    /// </summary>
    internal static long LeastAllocated(Action call)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5 && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static void Compare(VectorBackend backend, KernelCase c)
    {
        var inputs = c.Fill(7, edges: false);
        PinnedTensor expected = new(c.OutputShape), actual = new(c.OutputShape);
        VectorBackend.Best().Run(c.Operator, PinnedTensor.Views(inputs), expected.View);
        backend.Run(c.Operator, PinnedTensor.Views(inputs), actual.View);
        GC.KeepAlive(inputs);
        for (int i = 0; i < expected.Data.Length; i++)
        {
            uint e = BitConverter.SingleToUInt32Bits(expected.Data[i]), a = BitConverter.SingleToUInt32Bits(actual.Data[i]);
            if (e != a)
                Assert.Fail($"{c}: element {i} is {a:x8}, not {e:x8}");
        }
    }
}
