using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Tensors;
using Starling.Protocol.Hashing;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Computes like everyone, but flips a bit of one number of the one value that has this content id.</summary>
internal sealed class CorruptBackend(Hash256 target, int element = 0) : IBackend
{
    private readonly ScalarBackend _honest = new();

    public string Name => "corrupt";

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
    {
        _honest.Run(op, inputs, output);
        if (RootOf(output) != target)
            return;
        ref var number = ref output.Span[element % output.Span.Length];
        number = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(number) ^ 0x0010_0000);
    }

    private static Hash256 RootOf(TensorView value)
    {
        using TensorMemory memory = new(TensorLayout.Create([("value", value.Shape)]));
        value.Span.CopyTo(memory.Tensors[0].Span);
        return Blake3.Hash(StateBlob.Encode(memory));
    }
}
