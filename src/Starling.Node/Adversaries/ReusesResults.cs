using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Does one task of each kind and shows that result for all later ones. Caught by recomputing; what it shows has the
/// right form and bytes that exist, but follows from other inputs.
/// </summary>
public sealed class ReusesResults(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private readonly Dictionary<string, TaskRun> _first = [];

    private protected override bool AppliesTo(TaskSpec spec) => spec.Program is "inner" or "merge" or "evaluate";

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        if (_first.TryGetValue(spec.Program, out var old))
            return old;
        _first[spec.Program] = Execute(spec, read);
        return null;
    }
}
