using Starling.Arithmetic.Random;

namespace Starling.Compute.Training;

/// <summary>Which record a sequence of a step takes: stateless, so a run resumes anywhere.</summary>
internal static class DataOrder
{
    /// <summary>An index from 0 to <paramref name="count"/> - 1 for one sequence of one worker's step.</summary>
    public static int Draw(ulong seed, long step, int worker, int sequence, int count) =>
        (int)new Philox(seed, (uint)Purpose.Data, checked((uint)step))
            .Below(((ulong)(uint)worker << 32) | (uint)sequence, (uint)count);
}
