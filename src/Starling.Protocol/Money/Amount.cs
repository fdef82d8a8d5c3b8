using System.Globalization;

namespace Starling.Protocol.Money;

/// <summary>What an amount is of. Marker types keep credits and tokens from ever being added.</summary>
public interface IAsset
{
    static abstract string Symbol { get; }
}

/// <summary>What developers pay with; 6 decimals. One credit is one US dollar unless genesis names another unit.</summary>
public readonly struct Credit : IAsset
{
    public static string Symbol => "USD";
}

/// <summary>What providers stake and earn; 6 decimals.</summary>
public readonly struct Token : IAsset
{
    public static string Symbol => "STAR";
}

/// <summary>A non-negative amount in millionths, 128 bits, checked: overflow and underflow throw.</summary>
public readonly record struct Amount<TAsset>(UInt128 Micro) : IComparable<Amount<TAsset>>
    where TAsset : IAsset
{
    public static Amount<TAsset> Zero => default;

    public static Amount<TAsset> operator +(Amount<TAsset> a, Amount<TAsset> b) => new(checked(a.Micro + b.Micro));

    public static Amount<TAsset> operator -(Amount<TAsset> a, Amount<TAsset> b) => new(checked(a.Micro - b.Micro));

    public static Amount<TAsset> operator *(Amount<TAsset> a, ulong n) => new(checked(a.Micro * n));

    public static bool operator <(Amount<TAsset> a, Amount<TAsset> b) => a.Micro < b.Micro;

    public static bool operator >(Amount<TAsset> a, Amount<TAsset> b) => a.Micro > b.Micro;

    public static bool operator <=(Amount<TAsset> a, Amount<TAsset> b) => a.Micro <= b.Micro;

    public static bool operator >=(Amount<TAsset> a, Amount<TAsset> b) => a.Micro >= b.Micro;

    public static Amount<TAsset> Min(Amount<TAsset> a, Amount<TAsset> b) => a < b ? a : b;

    /// <summary>amount * numerator / denominator, rounded down.</summary>
    public Amount<TAsset> MulDiv(ulong numerator, ulong denominator) =>
        new(checked(Micro * numerator) / denominator);

    public int CompareTo(Amount<TAsset> other) => Micro.CompareTo(other.Micro);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Micro / 1_000_000}.{(ulong)(Micro % 1_000_000):D6} {TAsset.Symbol}");
}
