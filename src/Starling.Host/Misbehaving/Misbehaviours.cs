using Starling.Node.Adversaries;
using Starling.Node.Contract;

namespace Starling.Host.Misbehaving;

/// <summary>Wraps an honest role in an adversary of the library that the simulator uses too.</summary>
public static class Misbehaviours
{
    private static readonly Dictionary<string, Misbehaviour> s_names = new()
    {
        ["wrong-result"] = Misbehaviour.WrongResult,
        ["lazy"] = Misbehaviour.Lazy,
        ["silent"] = Misbehaviour.Silent,
        ["crash"] = Misbehaviour.Crash,
    };

    public static IReadOnlyCollection<string> Names => s_names.Keys;

    public static bool TryParse(string name, out Misbehaviour misbehaviour) => s_names.TryGetValue(name, out misbehaviour);

    internal static IRole Wrap(Misbehaviour misbehaviour, IRole honest) => misbehaviour switch
    {
        Misbehaviour.WrongResult => new WrongResultProvider(honest),
        Misbehaviour.Lazy => new LazyProvider(honest),
        Misbehaviour.Silent => new SilentProvider(honest),
        Misbehaviour.Crash => new CrashingProvider(honest, runs: 0),
        _ => throw new ArgumentOutOfRangeException(nameof(misbehaviour)),
    };
}
