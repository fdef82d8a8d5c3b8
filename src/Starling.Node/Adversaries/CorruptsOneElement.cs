using System.Runtime.InteropServices;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Proofs.Disputes;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Computes honestly but for one element of one product, once in the whole task, and goes on from there by the rules: the
/// least lie there is, and what a failing processor does too. Every commitment of it fits; it is caught only where a
/// dispute has come down to that operator and that piece, which the ledger recomputes.
/// </summary>
public sealed class CorruptsOneElement(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    /// <summary>Which product of the task, counted from 0; the last where it has fewer.</summary>
    private const int Product = 6;

    private protected override bool AppliesTo(TaskSpec spec) => spec.Program == "inner";

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read) =>
        Execute(spec, read, new Corrupt(Backend, TargetIn(spec, read)));

    private protected override IDisputeSide? Ran(TaskSpec spec, Func<Hash256, byte[]?> read) =>
        ReplayedSide.Open(spec, read, new Corrupt(Backend, TargetIn(spec, read)), out _);

    private Hash256 TargetIn(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var search = new Search(Backend);
        Execute(spec, read, search);
        return search.Target;
    }

    private static Hash256 HashOf(TensorView value) => Blake3.Hash(MemoryMarshal.AsBytes(value.Span));

    /// <summary>Runs honestly and remembers what one product gave.</summary>
    private sealed class Search(IBackend honest) : IBackend
    {
        private int _products;

        public Hash256 Target { get; private set; }

        public string Name => honest.Name;

        public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
        {
            honest.Run(op, inputs, output);
            if (op.Kind == OperatorKind.Product && _products++ <= Product)
                Target = HashOf(output);
        }
    }

    /// <summary>Changes one element of the product that gives the target, at any time it is asked to run it.</summary>
    private sealed class Corrupt(IBackend honest, Hash256 target) : IBackend
    {
        public string Name => honest.Name;

        public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
        {
            honest.Run(op, inputs, output);
            if (op.Kind != OperatorKind.Product || HashOf(output) != target)
                return;
            ref var number = ref output.Span[output.Span.Length * 2 / 3];
            number = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(number) ^ 0x0280_0000);
        }
    }
}
