using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>What a worker opens to show a token: its answer and the row of logits behind the token.</summary>
/// <param name="Logits">Little-endian fp32, one per token of the vocabulary.</param>
public sealed record TokenOpening(AnswerRecord Answer, byte[] Logits) : IRecord<TokenOpening>
{
    public static RecordType Type => RecordType.TokenOpening;

    public static TokenOpening Read(FieldReader f) => new(f.Nested<AnswerRecord>(1), f.Bytes(2, Limits.TransactionBytes));

    public void Write(FieldWriter f)
    {
        f.Record(1, Answer);
        f.Bytes(2, Logits);
    }
}
