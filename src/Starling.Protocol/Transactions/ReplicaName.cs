using System.Globalization;

namespace Starling.Protocol.Transactions;

/// <summary>
/// Names of the tasks that do one node of a plan several times over, each by another provider: <c>inner/3/1</c>,
/// <c>inner/3/1~1</c>, <c>inner/3/1~2</c>. No node of a plan has a tilde in its own name.
/// </summary>
public static class ReplicaName
{
    /// <summary>The fewest and the most that a job may ask for.</summary>
    public const int Least = 2;

    public const int Most = 8;

    private const char Mark = '~';

    public static string Of(string node, int replica) =>
        replica == 0 ? node : string.Create(CultureInfo.InvariantCulture, $"{node}{Mark}{replica}");

    /// <summary>The node of the plan.</summary>
    public static string NodeOf(string name) => name.IndexOf(Mark) is >= 0 and var at ? name[..at] : name;

    /// <summary>Which of them it is, from 0; -1 for a name that <see cref="Of"/> never gives.</summary>
    public static int ReplicaOf(string name)
    {
        var at = name.IndexOf(Mark);
        if (at < 0)
            return 0;
        return name.Length == at + 2 && name[^1] is >= '1' and < (char)('0' + Most) ? name[^1] - '0' : -1;
    }
}
