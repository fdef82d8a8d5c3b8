using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Protocol.Answers;

/// <summary>
/// A worker's word that a chunk belongs to an answer (protocol.md, 22). The interval's commitment must have it, or
/// whoever holds this can show the fault.
/// </summary>
/// <param name="Endpoint">The job that serves the model.</param>
/// <param name="Worker">Who signs.</param>
/// <param name="Request">The request's hash.</param>
/// <param name="Interval">The interval that will be committed with it.</param>
/// <param name="Index">The chunk's number within the answer, from 0.</param>
/// <param name="Root">The running root after it.</param>
/// <param name="Signature">By the worker, over <see cref="Message"/>.</param>
public sealed record SignedChunk(
    JobId Endpoint, NodeId Worker, Hash256 Request, ulong Interval, int Index, Hash256 Root, Signature Signature)
    : IRecord<SignedChunk>
{
    public static RecordType Type => RecordType.SignedChunk;

    public static SignedChunk Read(FieldReader f) => new(
        new JobId(f.Hash(1)), new NodeId(f.Hash(2)), f.Hash(3), f.Unsigned(4), f.Int32(5, 0, AnswerLimits.Chunks - 1), f.Hash(6),
        f.Signature(7));

    /// <summary>What the worker signs.</summary>
    public Hash256 Message(ChainId chain) => Derived.Chunk(chain, Endpoint, Request, Interval, Index, Root);

    public void Write(FieldWriter f)
    {
        f.Hash(1, Endpoint.Hash);
        f.Hash(2, Worker.Key);
        f.Hash(3, Request);
        f.Unsigned(4, Interval);
        f.Integer(5, Index);
        f.Hash(6, Root);
        f.Bytes(7, Signature.Bytes);
    }
}
