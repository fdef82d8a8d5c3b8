using Starling.Compute.Kernels;
using Starling.Host.Tasks;
using Starling.Node.Disputing;
using Starling.Protocol.Genesis;

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

    /// <summary>The constants of a network that this start founds; one that is there already keeps its own.</summary>
    public Rules Rules { get; init; } = Rules.Local;

    /// <summary>Makes the engine of one thread.</summary>
    public Func<ITaskEngine> Engines { get; init; } =
        static () => new ProgramEngine(new DisputePlayer(VectorBackend.Best()));
}
