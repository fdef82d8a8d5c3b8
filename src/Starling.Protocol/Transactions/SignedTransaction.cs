using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>A transaction as it travels: the exact bytes that were signed, and the signatures over them.</summary>
public sealed class SignedTransaction : IRecord<SignedTransaction>
{
    private readonly byte[] _payload;

    private SignedTransaction(byte[] payload, Signature signature, Signature? feePayerSignature)
    {
        _payload = payload;
        Signature = signature;
        FeePayerSignature = feePayerSignature;
        Transaction = RecordCodec.Decode<Transaction>(payload);
        Id = new TransactionId(Blake3.Hash("transaction", payload));
    }

    public static RecordType Type => RecordType.SignedTransaction;

    public Transaction Transaction { get; }

    public TransactionId Id { get; }

    public Signature Signature { get; }

    public Signature? FeePayerSignature { get; }

    public ReadOnlySpan<byte> Payload => _payload;

    /// <param name="transaction">The sender must be <paramref name="sender"/>.</param>
    /// <param name="sender">Signs as the sender.</param>
    /// <param name="feePayer">Signs as the fee payer, where the transaction names one.</param>
    public static SignedTransaction Sign(Transaction transaction, ISigner sender, ISigner? feePayer = null)
    {
        if (transaction.Sender != sender.Id || transaction.FeePayer != feePayer?.Id)
            throw new ArgumentException("the signers are not the transaction's sender and fee payer");
        var payload = RecordCodec.Encode(transaction);
        return new SignedTransaction(payload, sender.Sign(Message(payload)), feePayer?.Sign(Message(payload)));
    }

    public static SignedTransaction Read(FieldReader f) => new(
        f.Bytes(1, Limits.TransactionBytes), f.Signature(2), f.Has(3) ? f.Signature(3) : null);

    public void Write(FieldWriter f)
    {
        f.Bytes(1, _payload);
        f.Bytes(2, Signature.Bytes);
        if (FeePayerSignature is not null)
            f.Bytes(3, FeePayerSignature.Bytes);
    }

    /// <summary>True when every required signature is there and holds. Safe to call on many threads.</summary>
    public bool Verify(ISignatureScheme scheme)
    {
        Span<byte> message = stackalloc byte[Hash256.Size];
        Id.Hash.CopyTo(message);
        if (!scheme.Verify(Transaction.Sender, message, Signature))
            return false;
        return Transaction.FeePayer is { } payer
            ? FeePayerSignature is not null && scheme.Verify(payer, message, FeePayerSignature)
            : FeePayerSignature is null;
    }

    private static byte[] Message(byte[] payload) => Blake3.Hash("transaction", payload).ToArray();
}
