using System.Globalization;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Proofs.Attestations;
using Starling.Proofs.Receipts;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Verifying;

/// <summary>Says what <c>verify</c> found.</summary>
internal static class VerifyResults
{
    public static List<VerifyCheck> Checks(ReceiptReport report) =>
        [.. report.Checks.Select(c => new VerifyCheck(c.Kind.ToString().ToLowerInvariant(), c.Holds, c.Reason))];

    /// <summary>The checks of an envelope and of the receipt inside.</summary>
    public static Verification Envelope(AttestationReport envelope)
    {
        var report = envelope.Receipt
            ?? new ReceiptReport(false, OrderTrust.SequencerOnly, [], null, null, null);
        var checks = Checks(report);
        var signers = string.Join(", ", envelope.Signers);
        if (report.Failure is null)
            checks.Insert(0, new VerifyCheck(
                "envelope", envelope.Verified, envelope.Problem ?? $"says what the receipt inside says; signed by {signers}"));
        return new Verification(report, checks);
    }

    /// <summary>Every blob of an archive against its name.</summary>
    public static VerifyCheck Archive(ArchiveFile archive)
    {
        foreach (var content in archive.Blobs)
            if (Blake3.Hash(archive.Find(content)!.Value.Span) != content)
                return new VerifyCheck("archive", false, $"the blob {new ContentId(content)} was altered");
        return new VerifyCheck("archive", true, $"{archive.Blobs.Count} blobs have the contents that they are named by");
    }

    public static VerifyResult Of(ReceiptReport report, List<VerifyCheck> checks, VerifyReplay? replay)
    {
        if (replay is not null)
            checks.Add(new VerifyCheck("replay", replay.Holds, replay.Reason));
        var failure = checks.Find(c => !c.Holds)?.Reason;
        return new VerifyResult(
            failure is null, failure, report.TrustName, report.Receipt?.Job.ToString(), checks,
            report.Audits is { } a ? new VerifyAudits(a.Tasks, a.Audited, a.LowestAuditPpm / 1e6, a.Convicted) : null)
        {
            Outcome = Outcome(report),
            Replay = replay,
        };
    }

    /// <summary>How the job ended; null where the receipt says nothing that holds.</summary>
    public static VerifyOutcome? Outcome(ReceiptReport report) => report.Settlement is { } s
        ? new VerifyOutcome(
            s.End.ToString().ToLowerInvariant(), s.Why, s.AtFault.ToString().ToLowerInvariant(),
            Words.Credits((ulong)s.Paid.Micro), s.TasksPaid, s.TasksVoid)
        : null;

    public static void Show(IEnumerable<VerifyCheck> checks)
    {
        foreach (var check in checks)
            Console.Out.WriteLine($"{(check.Holds ? "ok  " : "FAIL")}  {check.Check,-10}  {check.Reason}");
    }

    public static void Show(VerifyResult result)
    {
        Show(result.Checks);
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
