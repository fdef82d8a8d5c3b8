namespace Starling.Proofs.Receipts;

/// <summary>What vouches for the order of the ledger's log (protocol.md, 15 and 16).</summary>
public enum OrderTrust
{
    /// <summary>The signature of the one sequencer that genesis names: it could have kept a transaction out.</summary>
    SequencerOnly = 1,
}

/// <summary>How far the weakest of the job's results can be trusted.</summary>
/// <param name="Tasks">Tasks of the plan.</param>
/// <param name="Audited">Those that at least one drawn auditor recomputed to the same root.</param>
/// <param name="LowestAuditPpm">The lowest chance of a task being drawn by any auditor; a million where it was certain.</param>
/// <param name="DisputesWon">Challenges that honest workers met.</param>
/// <param name="Convicted">Attempts that were proven wrong, and replaced.</param>
public sealed record AuditSummary(int Tasks, int Audited, ulong LowestAuditPpm, int DisputesWon, int Convicted);

/// <summary>The answer of <see cref="ReceiptVerifier"/>.</summary>
/// <param name="Verified">True when every check holds.</param>
/// <param name="Trust">What vouches for the order of the log.</param>
/// <param name="Checks">In the order made; the first that does not hold is the reason.</param>
/// <param name="Receipt">The receipt; null where its bytes are none.</param>
/// <param name="Audits">How much was checked while it ran; null before the records verify.</param>
/// <param name="Settlement">What the job came to; null before the records verify.</param>
public sealed record ReceiptReport(
    bool Verified, OrderTrust Trust, IReadOnlyList<ReceiptCheck> Checks, Receipt? Receipt, AuditSummary? Audits,
    JobSettlement? Settlement)
{
    /// <summary>Why the receipt does not verify; null when it does.</summary>
    public string? Failure
    {
        get
        {
            foreach (var check in Checks)
            {
                if (!check.Holds)
                    return check.Reason;
            }

            return null;
        }
    }

    /// <summary>The words for <see cref="Trust"/>.</summary>
    public string TrustName => "sequencer-only";
}

