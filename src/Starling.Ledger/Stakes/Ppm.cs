namespace Starling.Ledger.Stakes;

/// <summary>Parts per million of amounts.</summary>
internal static class Ppm
{
    public const ulong One = 1_000_000;

    public static Credits Of(Credits amount, ulong ppm) => new(DivideUp(checked(amount.Micro * ppm), One));

    public static UInt128 DivideUp(UInt128 dividend, UInt128 divisor) =>
        (dividend / divisor) + (dividend % divisor == 0 ? 0U : 1U);
}
