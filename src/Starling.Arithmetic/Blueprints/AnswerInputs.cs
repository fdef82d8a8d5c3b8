using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Blueprints;

/// <summary>
/// The specification of the task that a row of an answer's logits is: its inputs are the weights and the answer's
/// tokens. Both sides of a dispute and the ledger make it alike, so nobody has to store it.
/// </summary>
public sealed record AnswerInputs(Hash256 Model, Hash256 Tokens) : IRecord<AnswerInputs>
{
    private const string Program = "answer";
    private const int Versions = 1;

    public static RecordType Type => RecordType.TaskSpec;

    public static AnswerInputs Read(FieldReader f) =>
        throw new NotSupportedException("a specification is read by SpecInputs");

    /// <summary>The tokens as one row of numbers with room for a full context: rows behind the last one are zero.</summary>
    public static byte[] TokenBlob(ReadOnlySpan<int> tokens, int capacity)
    {
        var blob = new byte[new Layout(1, capacity).Bytes];
        for (var i = 0; i < Math.Min(tokens.Length, capacity); i++)
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(blob.AsSpan(i * sizeof(float)), tokens[i]);
        return blob;
    }

    public byte[] Encode() => RecordCodec.Encode(this);

    public void Write(FieldWriter f)
    {
        f.Text(1, Program);
        f.Integer(2, Versions);
        f.Integer(3, Versions);
        f.Bytes(4, []);
        f.Hashes(5, [Model, Tokens]);
    }
}
