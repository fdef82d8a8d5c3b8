using Starling.Host.Ports;

namespace Starling.Host.Misbehaving;

/// <summary>Puts a misbehaving runner in front of an honest node: the node itself knows nothing of it.</summary>
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

    internal static ITaskRunner Wrap(Misbehaviour misbehaviour, ITaskRunner honest, IBlobStore blobs, Action crash) =>
        misbehaviour switch
        {
            Misbehaviour.WrongResult => new WrongResultRunner(honest, blobs),
            Misbehaviour.Lazy => new LazyRunner(honest, blobs),
            Misbehaviour.Silent => new SilentRunner(honest),
            Misbehaviour.Crash => new CrashRunner(honest, crash),
            _ => throw new ArgumentOutOfRangeException(nameof(misbehaviour)),
        };
}
