using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Tensors;
using Starling.Protocol.Hashing;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Computes like everyone, but changes one number by some powers of two of the one value that has this content id.</summary>
internal sealed class CorruptBackend(Hash256 target) : IBackend
{
    private readonly ScalarBackend _honest = new();

    public string Name => "corrupt";

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
    {
        _honest.Run(op, inputs, output);
        if (RootOf(output) != target)
            return;
        // Neither the first row, which in attention sees only itself, nor the last, which nothing may depend on.
        ref var number = ref output.Span[output.Span.Length * 2 / 3];
        // A norm matters only where it makes the clipping bite.
        number = op.Kind == OperatorKind.RowSumSquares
            ? 1e6f
            : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(number) ^ 0x0280_0000);
    }

    private static Hash256 RootOf(TensorView value)
    {
        using TensorMemory memory = new(TensorLayout.Create([("value", value.Shape)]));
        value.Span.CopyTo(memory.Tensors[0].Span);
        return Blake3.Hash(StateBlob.Encode(memory));
    }
}
