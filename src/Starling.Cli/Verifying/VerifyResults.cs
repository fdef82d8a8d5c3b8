using System.Globalization;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Proofs.Receipts;

namespace Starling.Cli.Verifying;

/// <summary>Says what <c>verify</c> found.</summary>
internal static class VerifyResults
{
    public static VerifyResult Of(ReceiptReport report, VerifyReplay? replay)
    {
        List<VerifyCheck> checks = [.. report.Checks.Select(c => new VerifyCheck(c.Kind.ToString().ToLowerInvariant(), c.Holds, c.Reason))];
        if (replay is not null)
            checks.Add(new VerifyCheck("replay", replay.Holds, replay.Reason));
        var failure = checks.Find(c => !c.Holds)?.Reason;
        return new VerifyResult(
            failure is null, failure, report.TrustName, report.Receipt?.Job.ToString(), checks,
            report.Audits is { } a ? new VerifyAudits(a.Tasks, a.Audited, a.LowestAuditPpm / 1e6, a.Convicted) : null)
        {
            Outcome = report.Settlement is { } s
                ? new VerifyOutcome(
                    s.End.ToString().ToLowerInvariant(), s.Why, s.AtFault.ToString().ToLowerInvariant(),
                    Words.Credits((ulong)s.Paid.Micro), s.TasksPaid, s.TasksVoid)
                : null,
            Replay = replay,
        };
    }

    public static void Show(VerifyResult result)
    {
        foreach (var check in result.Checks)
            Console.Out.WriteLine($"{(check.Holds ? "ok  " : "FAIL")}  {check.Check,-10}  {check.Reason}");
        if (result.Audits is { } a)
            Line("audits", string.Create(
                CultureInfo.InvariantCulture,
                $"{a.Audited} of {a.Tasks} results recomputed by auditors; lowest odds {a.LowestOdds * 100:0.##} %"));
        if (result.Replay is { } replay)
        {
            if (replay.Seed is { } seed)
                Line("seed", $"{seed}");
            Line("recomputed", replay.Recomputed.Count > 0 ? string.Join(' ', replay.Recomputed) : "nothing");
            foreach (var missing in replay.Missing)
                Line("missing", $"{missing.Content} ({missing.From}), input {missing.Input} of {missing.Task}");
        }

        if (result.Outcome is { End: not "completed" } outcome)
            Line("outcome", $"the job was {outcome.End}: {outcome.Why}; at fault: {outcome.AtFault}; paid: {outcome.Paid} USD");
        Console.Out.WriteLine(result.Verified ? $"verified ({result.Trust})" : $"not verified: {result.Reason}");
    }

    private static void Line(string name, string text) => Console.Out.WriteLine($"      {name,-10}  {text}");
}
