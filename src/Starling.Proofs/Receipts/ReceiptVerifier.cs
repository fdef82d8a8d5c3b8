using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Proofs.Receipts;

/// <summary>
/// Checks a receipt with nothing but its own bytes, the files at hand and, where the reader knows it, the hash of the
/// network's genesis record. Pure; a few milliseconds.
/// </summary>
public static class ReceiptVerifier
{
    /// <param name="receipt">The receipt file's bytes.</param>
    /// <param name="artefacts">Files to compare with those that the receipt names; each must be one of them.</param>
    /// <param name="expected">The network it must be of; null takes the receipt's own word for it, and says so.</param>
    public static ReceiptReport Verify(
        ReadOnlyMemory<byte> receipt, IReadOnlyList<Artefact>? artefacts = null, ChainId? expected = null) =>
        Verify(receipt, artefacts ?? [], expected, Ed25519.Instance);

    /// <summary>The receipt in a file, unchecked; null when the bytes are none.</summary>
    public static Receipt? Peek(ReadOnlyMemory<byte> receipt) => ReceiptFormat.Read(receipt, new CheckList());

    /// <summary>As above with a signature scheme of the caller's: for tests.</summary>
    internal static ReceiptReport Verify(
        ReadOnlyMemory<byte> bytes, IReadOnlyList<Artefact> artefacts, ChainId? expected, ISignatureScheme scheme)
    {
        var checks = new CheckList();
        var receipt = ReceiptFormat.Read(bytes, checks);
        var evidence = receipt is null ? null : LedgerEvidence.Read(receipt, expected, scheme, checks);
        if (receipt is null || evidence is null)
            return new ReceiptReport(false, OrderTrust.SequencerOnly, checks.Checks, receipt, null, null);
        if (ReadSpec(receipt.Spec, checks) is { } spec)
            CheckPlan(receipt, spec, evidence, artefacts, checks);
        MoneyCheck.Run(evidence, checks);
        return new ReceiptReport(
            checks.AllHold, OrderTrust.SequencerOnly, checks.Checks, receipt, Summarise(evidence.Tasks),
            JobSettlement.Of(evidence.Job, evidence.Tasks, receipt.Model is not null));
    }

    private static void CheckPlan(
        Receipt receipt, JobSpec spec, LedgerEvidence evidence, IReadOnlyList<Artefact> artefacts, CheckList checks)
    {
        if (receipt.Model is { } model)
        {
            var plan = PlanCheck.Run(receipt, spec, evidence, checks);
            checks.Settle(
                CheckKind.Finality, FinalityProblem(evidence.Tasks, mayBeVoid: false),
                "every task is paid and settled for good");
            if (plan is not null)
                QuorumCheck.Run(receipt, plan, evidence, checks);
            if (plan is not null)
                ModelCheck.Run(model, spec, plan, evidence, artefacts, checks);
            return;
        }

        if (receipt.Replicas.Length > 0)
            checks.Fails(CheckKind.Plan, "tasks of quorums stand apart in a receipt without a model");
        UnfinishedCheck.Run(receipt, spec, evidence, checks);
        checks.Settle(
            CheckKind.Finality, FinalityProblem(evidence.Tasks, mayBeVoid: true),
            "every task is paid and settled for good, or void");
        foreach (var artefact in artefacts)
            checks.Fails(CheckKind.Files, $"the receipt names no file '{artefact.Path}': its job gave no model");
    }

    private static JobSpec? ReadSpec(byte[] bytes, CheckList checks)
    {
        try
        {
            return RecordCodec.Decode<JobSpec>(bytes);
        }
        catch (DecodeException e)
        {
            checks.Fails(CheckKind.Plan, $"the specification is none that this build knows: {e.Message}");
            return null;
        }
    }

    private static string? FinalityProblem(IReadOnlyList<TaskRecord> tasks, bool mayBeVoid)
    {
        foreach (var task in tasks)
        {
            if (mayBeVoid && task.Phase == TaskPhase.Void)
                continue;
            // What nobody was there to draw is settled like what the draw passed by: its odds say so.
            if (task.Phase != TaskPhase.Final || task.Current is { AuditRequired: true, Auditors: [] })
                return $"task {task.Issue.Node} is not final: {task.Phase}, {task.Current.Status}";
        }

        return null;
    }

    private static AuditSummary Summarise(IReadOnlyList<TaskRecord> tasks)
    {
        var (audited, lowest, won, convicted) = (0, 1_000_000UL, 0, 0);
        foreach (var task in tasks)
        {
            audited += task.Current.Auditors.Length > 0 ? 1 : 0;
            lowest = Math.Min(lowest, task.Current.OddsPpm);
            won += task.Current.DisputesWon;
            convicted += task.Attempts.Count(static a => a.Status == AttemptStatus.Convicted);
        }

        return new AuditSummary(tasks.Count, audited, lowest, won, convicted);
    }
}
