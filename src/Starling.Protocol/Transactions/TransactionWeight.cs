namespace Starling.Protocol.Transactions;

/// <summary>
/// What a transaction weighs: its fee is this times the price in the ledger's state. One for its kind's work, more for
/// what a replica does in proportion to its contents, and one for each KiB of the log.
/// </summary>
public static class TransactionWeight
{
    private const int BytesPerUnit = 1024;

    /// <summary>A referee's work on one opening, in the currency of the rest.</summary>
    private const ulong Opening = 64;

    /// <summary>A signature or an opening inside a body is checked while the batch is applied.</summary>
    private const ulong Signature = 3;

    public static ulong Of(SignedTransaction signed) =>
        OfBody(signed.Transaction.Body) + ((ulong)signed.Payload.Length / BytesPerUnit);

    private static ulong OfBody(TransactionBody body) => body switch
    {
        IssueTasks b => (ulong)Math.Max(b.Tasks.Length, 1),
        RevealVerdicts b => (ulong)Math.Max(b.Verdicts.Length, 1),
        OpenInputs => Opening,
        AnswerChunks => Signature,
        RedeemVoucher or Heartbeat or RedeemAnswers or ReportMissing => Signature,
        _ => 1,
    };
}
