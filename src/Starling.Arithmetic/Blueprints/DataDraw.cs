using Starling.Arithmetic.Random;

namespace Starling.Arithmetic.Blueprints;

/// <summary>Which record a sequence of a step takes, as training draws it: a function of the counters alone.</summary>
public static class DataDraw
{
    private const uint Purpose = 2;

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public static int Of(ulong seed, long step, int worker, int sequence, int count) =>
        (int)new Philox(seed, Purpose, checked((uint)step)).Below(((ulong)(uint)worker << 32) | (uint)sequence, (uint)count);
}
