namespace Starling.Host.Local;

/// <summary>What a local network consists of.</summary>
/// <param name="Providers">Providers to run, 1 to <see cref="MaxProviders"/>.</param>
/// <param name="Misbehave">What single nodes do wrong, by their names: for trying out what the network does about it.</param>
public sealed record LocalOptions(int Providers, IReadOnlyDictionary<string, string[]> Misbehave)
{
    /// <summary>Genesis holds stakes for so many.</summary>
    public const int MaxProviders = 16;

    public const int Auditors = 2;

    public static LocalOptions Default { get; } = new(4, new Dictionary<string, string[]>());

    /// <summary>Tasks at once in the whole process.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
