namespace Starling.Arithmetic.Catalogue;

/// <summary>
/// The cost of a task in integers, known before it runs (protocol.md, 18). The graph gives the first four parts; the
/// program adds the bytes it reads from and commits to blobs. <see cref="Units"/> is what is quoted and paid.
/// </summary>
public readonly record struct WorkVector(
    long MultiplyAdds, long Bytes, long Transcendentals, long Operators, long InputBytes = 0, long CommittedBytes = 0)
{
    // Normative weights in multiply-adds. Calibrated on one AVX2 core where a product runs at 25-40 multiply-adds per
    // nanosecond: a byte of operands at cache speed, an elementary function, a call, a byte hashed and checked.
    public const long ByteWeight = 2, TranscendentalWeight = 40, OperatorWeight = 20_000;
    public const long InputByteWeight = 16, CommittedByteWeight = 16;

    /// <summary>Multiply-adds per unit: a unit is a kMAC, a million units are one GMAC-equivalent.</summary>
    public const long UnitSize = 1000;

    /// <summary>The work in units, rounded up.</summary>
    /// <exception cref="OverflowException">More work than 2^63 multiply-adds.</exception>
    public long Units => checked((Weighted + UnitSize - 1) / UnitSize);

    private long Weighted => checked(
        MultiplyAdds + (Bytes * ByteWeight) + (Transcendentals * TranscendentalWeight) + (Operators * OperatorWeight)
        + (InputBytes * InputByteWeight) + (CommittedBytes * CommittedByteWeight));

    public static WorkVector operator +(WorkVector a, WorkVector b) => checked(new(
        a.MultiplyAdds + b.MultiplyAdds, a.Bytes + b.Bytes, a.Transcendentals + b.Transcendentals,
        a.Operators + b.Operators, a.InputBytes + b.InputBytes, a.CommittedBytes + b.CommittedBytes));

    /// <summary>The same work a number of times.</summary>
    public static WorkVector operator *(WorkVector a, long times) => checked(new(
        a.MultiplyAdds * times, a.Bytes * times, a.Transcendentals * times,
        a.Operators * times, a.InputBytes * times, a.CommittedBytes * times));
}
