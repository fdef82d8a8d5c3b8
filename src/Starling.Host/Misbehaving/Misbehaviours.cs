using Starling.Node.Adversaries;

namespace Starling.Host.Misbehaving;

/// <summary>What the nodes of a local network can be told to do wrong: names of the library that the simulator uses too.</summary>
public static class Misbehaviours
{
    /// <summary>One line per name, for people.</summary>
    public static IEnumerable<string> Lines => AdversaryLibrary.All.Select(
        e => $"{e.Name,-18} {(e.Kind == AdversaryKind.Auditor ? "auditor-N" : "provider-N"),-11} {e.Does}");

    /// <summary>Whether a node of this name may be all of these.</summary>
    public static bool Fits(string node, IReadOnlyCollection<string> names) =>
        AdversaryLibrary.Fits(names, node.StartsWith("auditor-", StringComparison.Ordinal));
}
