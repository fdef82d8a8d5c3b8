using System.Globalization;
using Starling.Host.Local;
using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Genesis;

namespace Starling.Bench;

/// <summary>
/// What verification takes of the Shakespeare job once its providers are established: processor time of commitments,
/// replays and the ledger's part in them over that of the work. The same job without audits runs beside it. No peer.
/// </summary>
internal sealed class OverheadComparison : IComparison
{
    /// <summary>
    /// The local rules, under which trust takes hours to earn, where minutes do: providers are at the floor as soon as the
    /// fees that auditors confirmed are a quarter of what they have open.
    /// </summary>
    private static readonly Rules s_rules = Rules.Local with { AuditSlopePpm = Rules.Local.AuditFloorPpm / 4 };

    public string Name => "overhead";

    public IEnumerable<Row> Run(Settings settings)
    {
        var (without, with) = Measure(settings).GetAwaiter().GetResult();
        var (work, plain) = (with.Sum(j => j.Work), without.Sum(j => j.Work));
        var tasks = with.SelectMany(j => j.Tasks.Select(t => (Task: t, Times: j.Of(t)))).ToArray();
        var drawn = tasks.Where(t => !t.Task.Current.AuditRequired).ToArray();
        var commitments = with.Sum(j => j.Commitments) / work;
        var replays = drawn.Sum(t => Replays(t.Task.Current.AuditPpm) * t.Times.Work) / work;
        var steering = tasks.Where(t => t.Task.Current.AuditRequired).Sum(t => t.Times.Replays) / work;
        var rest = (with.Sum(j => j.Rest) / work) - (without.Sum(j => j.Rest) / plain);
        yield return Share("commitments: states and outputs hashed", commitments, "<= 2");
        yield return Share("replays of drawn tasks, expected of their rates", replays);
        yield return Share(Text($"full audits of results that steer everything, by {LocalOptions.Auditors} auditors"), steering);
        yield return Share("ledger and network with audits, less without", rest);
        yield return Share("total: the overhead of verification", commitments + replays + steering + rest, "<= 5");
        yield return Share(
            Text($"replays as drawn in this run: {drawn.Count(t => t.Task.Current.Auditors.Length > 0)} of {drawn.Length} tasks"),
            drawn.Sum(t => t.Times.Replays) / work);
        foreach (var kind in tasks.GroupBy(t => t.Task.Issue.Node.Split('/')[0]))
            yield return Share(
                Text($"{kind.Count()} {kind.Key} tasks, {kind.Sum(t => t.Task.Attempts.Length)} attempts, {kind.Sum(t => t.Task.Current.Auditors.Length)} audits"),
                kind.Sum(t => t.Times.Work - t.Times.Commitments) / work);
        yield return Share("ledger and network without audits", without.Sum(j => j.Rest) / plain);
        yield return new Row(
            Text($"audit rate of the tasks that are drawn; the least of {drawn.Length}"), "%", drawn.Min(t => t.Task.Current.AuditPpm) / 1e4);
        yield return new Row("the same; the greatest", "%", drawn.Max(t => t.Task.Current.AuditPpm) / 1e4);
        yield return new Row(
            "stake that the ledger locked behind such a task", "prices", Statistics.Median(drawn.Select(t => Stake(t.Task.Current))));
    }

    private static async Task<(List<JobTimes> Without, List<JobTimes> With)> Measure(Settings settings)
    {
        await using var network = await OverheadNetwork.Start(s_rules);
        var (without, with, seed) = (new List<JobTimes>(), new List<JobTimes>(), 0);
        await Run("full", 40);
        for (var pair = 0; pair < (settings.Quick ? 1 : 2); pair++)
        {
            without.Add(await Run("none", settings.Quick ? 160 : 640));
            with.Add(await Run("spot", settings.Quick ? 160 : 640));
        }

        return (without, with);

        Task<JobTimes> Run(string verify, int steps)
        {
            var (spec, dataset) = NetworkClient.Example("shakespeare.yaml", text =>
                text.Replace("max_steps: 640", Text($"max_steps: {steps}"), StringComparison.Ordinal)
                + Text($"\nverify: {verify}\nseed: {++seed}\n"));
            return network.Run(spec, dataset);
        }
    }

    /// <summary>Replays to be expected of a task at a rate, by the ledger's own draw among auditors of equal weight.</summary>
    private static double Replays(ulong ppm)
    {
        var auditors = Enumerable.Repeat(new EpochAuditor(default, AuditorProgress.Owing, null, 1), LocalOptions.Auditors).ToArray();
        return LocalOptions.Auditors * Draws.Weighted(ppm, 1, auditors) / 1e6;
    }

    private static double Stake(AttemptRecord attempt) =>
        (double)attempt.Bond.Micro / (double)Deterrence.InTokens(s_rules, attempt.Pay).Micro;

    private static Row Share(string what, double share, string? target = null) =>
        new(what, "% of the work", 100 * share, Target: target);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
