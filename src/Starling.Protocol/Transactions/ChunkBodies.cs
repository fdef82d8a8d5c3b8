using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Transactions;

/// <summary>
/// Asks for chunks of an output of a shown result, in the log and for pay: whoever committed to it answers by the
/// deadline or is at fault (protocol.md, 13).
/// </summary>
/// <param name="Task">The task.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Output">Which of its outputs.</param>
/// <param name="First">The first chunk of 1,024 bytes.</param>
/// <param name="Count">How many; where the output ends before, those up to its end.</param>
public sealed record OpenChunks(TaskId Task, int Attempt, int Output, long First, int Count)
    : TransactionBody<OpenChunks>, IRecord<OpenChunks>
{
    public static RecordType Type => RecordType.OpenChunks;

    public static OpenChunks Read(FieldReader f) => new(
        new TaskId(f.Hash(1)), f.Int32(2), f.Int32(3, 0, Limits.Outputs), f.Integer(4, 0, 1L << 53),
        f.Int32(5, 1, Limits.ChunksPerRequest));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
        f.Integer(3, Output);
        f.Integer(4, First);
        f.Integer(5, Count);
    }
}

/// <summary>
/// Opens the chunks that were asked for; anyone who has them may answer, and is paid. Where all of them are beyond the
/// end, the last chunk is opened instead: it proves the length.
/// </summary>
/// <param name="Request">The id of the transaction that asked.</param>
/// <param name="Length">Bytes of the whole output.</param>
/// <param name="Bytes">The opened chunks.</param>
/// <param name="Siblings">As in a chunk opening.</param>
/// <param name="Tail">As in a chunk opening.</param>
public sealed record AnswerChunks(Hash256 Request, long Length, byte[] Bytes, Hash256[] Siblings, byte[] Tail)
    : TransactionBody<AnswerChunks>, IRecord<AnswerChunks>
{
    private const int MaxSiblings = 256;

    public static RecordType Type => RecordType.AnswerChunks;

    public static AnswerChunks Read(FieldReader f) => new(
        f.Hash(1), f.Integer(2, 0, 1L << 53), f.Bytes(3, Limits.ChunksPerRequest * Blake3.ChunkSize), f.Hashes(4, MaxSiblings),
        f.Bytes(5, Blake3.ChunkSize));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Request);
        f.Integer(2, Length);
        f.Bytes(3, Bytes);
        f.Hashes(4, Siblings);
        f.Bytes(5, Tail);
    }
}
