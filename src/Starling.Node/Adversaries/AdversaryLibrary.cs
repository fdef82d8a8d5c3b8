using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol.Identity;

namespace Starling.Node.Adversaries;

/// <summary>What an entry of the library is about.</summary>
public enum AdversaryKind
{
    /// <summary>A provider that shows wrong results.</summary>
    Lie = 1,

    /// <summary>When the lies beside it are told.</summary>
    Occasion = 2,

    /// <summary>How a provider, lying or not, carries itself.</summary>
    Manner = 3,

    /// <summary>How an auditor judges.</summary>
    Auditor = 4,

    /// <summary>A node that does nothing but this, in the place of a provider.</summary>
    Challenger = 5,
}

/// <summary>One dishonest node by name.</summary>
/// <param name="Name">As people write it.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Does">What it does.</param>
/// <param name="Wrap">Makes it out of a role, or another adversary.</param>
public sealed record AdversaryEntry(
    string Name, AdversaryKind Kind, string Does, Func<IRole, AdversaryPlace, IRole> Wrap);

/// <summary>What an adversary needs to know of the node it stands in.</summary>
/// <param name="Settings">The node's.</param>
/// <param name="Friends">Other keys of its owner.</param>
/// <param name="Dares">When its lies are told; null for always.</param>
public sealed record AdversaryPlace(NodeSettings Settings, IReadOnlySet<NodeId> Friends, Occasion.Test? Dares = null);

/// <summary>Every dishonest node there is, by name: what tests, the simulator and <c>run --misbehave</c> draw from.</summary>
public static class AdversaryLibrary
{
    /// <summary>One computation in so many of a failing device is wrong.</summary>
    private const int FailingEvery = 4;

    private static readonly Dictionary<string, Occasion.Test> s_occasions = new()
    {
        ["when-unwatched"] = Occasion.Unwatched,
        ["when-trusted"] = Occasion.Trusted,
        ["when-cheap"] = Occasion.Cheap,
        ["when-few-auditors"] = Occasion.FewAuditors,
    };

    public static IReadOnlyList<AdversaryEntry> All { get; } =
    [
        Lie("wrong-result", "flips one bit of every result", (r, d) => new WrongResultProvider(r, d)),
        Lie("lazy", "shows its inputs as the result", (r, d) => new LazyProvider(r, d)),
        Lie("skip-steps", "trains for fewer steps", (r, d) => new SkipsSteps(r, d)),
        Lie("other-data", "trains on another worker's records", (r, d) => new UsesOtherData(r, d)),
        Lie("other-seed", "draws its batches from another seed", (r, d) => new UsesAnotherSeed(r, d)),
        Lie("quantised-weights", "starts from weights rounded to 8 bits", (r, d) => new QuantisesWeights(r, d)),
        Lie("fewer-layers", "trains without the last layer", (r, d) => new DropsLayers(r, d)),
        Lie("one-element", "changes one element of one product once", (r, d) => new CorruptsOneElement(r, d)),
        Lie("zeros", "turns zeros into a subnormal and a negative zero", (r, d) => new HidesInZeros(r, d)),
        Lie("false-fault", "says that training gave NaN", (r, d) => new ClaimsFault(r, d)),
        Lie("reuse-result", "shows an old result again", (r, d) => new ReusesResults(r, d)),
        Lie("copy-result", "shows what another worker has shown", (r, d) => new CopiesResults(r, d)),
        .. s_occasions.Select(o => new AdversaryEntry(
            o.Key, AdversaryKind.Occasion, $"lies only {o.Key.Replace('-', ' ')}", static (r, _) => r)),
        Manner("silent", "takes tasks and never shows a result", (r, _) => new SilentProvider(r)),
        Manner("crash", "stops for good in its first task", (r, _) => new CrashingProvider(r, runs: 0)),
        Manner("copy-commitment", "commits to another worker's commitment", (r, p) => new CopiesCommitments(r, p.Settings)),
        Manner("withhold", "shows claims and gives nobody the bytes", (r, _) => new WithholdsData(r)),
        Manner("stall", "makes every move in the last moment", (r, _) => new StallsMoves(r)),
        Manner("malformed", "sends malformed moves in disputes", (r, _) => new MalformedMoves(r)),
        Manner("failing-device", "computes something else now and then, unknowing", (r, _) => new FailingDevice(r, FailingEvery)),
        Auditor("agree", "agrees with everything without computing", (r, _) => new AgreeingAuditor(r)),
        Auditor("collude", "agrees with the dishonest providers", (r, p) => new AgreeingAuditor(r, p.Friends)),
        Auditor("dispute", "disputes everything", (r, _) => new DisputingAuditor(r)),
        new("spam-challenges", AdversaryKind.Challenger, "challenges every result and says nothing more",
            (_, p) => new Challenger(p.Settings, null, plays: false)),
        new("challenge-friends", AdversaryKind.Challenger, "challenges the dishonest providers for the reporter's share",
            (_, p) => new Challenger(p.Settings, p.Friends.Order().Cast<NodeId?>().FirstOrDefault(), plays: true)),
    ];

    public static AdversaryEntry? Find(string name) => All.FirstOrDefault(e => e.Name == name);

    /// <summary>Whether a node may be all of these: every name known, and each of a kind that its role can be.</summary>
    public static bool Fits(IReadOnlyCollection<string> names, bool isAuditor) => names.Count > 0 && names.All(
        n => Find(n)?.Kind is { } kind
            && (kind is AdversaryKind.Auditor || n is "stall" or "malformed" or "failing-device" || !isAuditor)
            && (kind is not AdversaryKind.Auditor || isAuditor));

    /// <summary>Wraps an honest role in everything named, the first innermost.</summary>
    public static IRole Wrap(IReadOnlyCollection<string> names, IRole honest, AdversaryPlace place)
    {
        var tests = names.Where(s_occasions.ContainsKey).Select(n => s_occasions[n]).ToArray();
        if (tests.Length > 0)
            place = place with { Dares = (state, task) => tests.All(t => t(state, task)) };
        return names.Aggregate(honest, (role, name) => Find(name)!.Wrap(role, place));
    }

    private static AdversaryEntry Lie(string name, string does, Func<IRole, Occasion.Test?, IRole> wrap) =>
        new(name, AdversaryKind.Lie, does, (role, place) => wrap(role, place.Dares));

    private static AdversaryEntry Manner(string name, string does, Func<IRole, AdversaryPlace, IRole> wrap) =>
        new(name, AdversaryKind.Manner, does, wrap);

    private static AdversaryEntry Auditor(string name, string does, Func<IRole, AdversaryPlace, IRole> wrap) =>
        new(name, AdversaryKind.Auditor, does, wrap);
}
