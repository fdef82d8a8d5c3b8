using System.Buffers.Binary;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Computes honestly, then turns one zero of the first output into the least subnormal and another into a negative zero:
/// differences that many checks, and some processors, call none. Caught by recomputing, since a result is its bits.
/// </summary>
public sealed class HidesInZeros(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private const uint LeastSubnormal = 1;
    private const uint NegativeZero = 0x8000_0000;

    private protected override bool AppliesTo(TaskSpec spec) => spec.Program is "inner" or "merge" or "initial";

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var run = Execute(spec, read);
        if (run.Outcome is not TaskOutcome.Completed { Claim: var claim })
            return null;
        var altered = (byte[])run.Outputs[0].Clone();
        if (!Put(altered, LeastSubnormal) | !Put(altered, NegativeZero))
            return null;
        var outputs = (Hash256[])claim.Outputs.Clone();
        outputs[0] = ContentId.Of(altered).Hash;
        return new TaskRun(
            new TaskOutcome.Completed(claim with { Outputs = outputs }), [altered, .. run.Outputs.Skip(1)]);
    }

    private static bool Put(Span<byte> numbers, uint bits)
    {
        for (; numbers.Length >= sizeof(uint); numbers = numbers[sizeof(uint)..])
            if (BinaryPrimitives.ReadUInt32LittleEndian(numbers) == 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(numbers, bits);
                return true;
            }

        return false;
    }
}
