using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Serving;

/// <summary>A request that a worker took.</summary>
/// <param name="TopLogprobs">Null for no probabilities.</param>
internal sealed record ServedAnswer(
    AnswerRequest Request, NodeId Gateway, ChannelId Channel, AnswerBeyond Beyond, int? TopLogprobs) : IRecord<ServedAnswer>
{
    public static RecordType Type => RecordType.ServedAnswer;

    public static ServedAnswer Read(FieldReader f) => new(
        f.Nested<AnswerRequest>(1), new NodeId(f.Hash(2)), new ChannelId(f.Hash(3)), f.Nested<AnswerBeyond>(4),
        f.Has(5) ? f.Int32(5) : null);

    public void Write(FieldWriter f)
    {
        f.Record(1, Request);
        f.Hash(2, Gateway.Key);
        f.Hash(3, Channel.Hash);
        f.Record(4, Beyond);
        if (TopLogprobs is { } top)
            f.Integer(5, top);
    }
}

/// <summary>A chunk that a worker signed: remembered before it is sent.</summary>
internal sealed record ServedChunk(AnswerChunk Chunk, ulong Interval) : IRecord<ServedChunk>
{
    public static RecordType Type => RecordType.ServedChunk;

    public static ServedChunk Read(FieldReader f) => new(f.Nested<AnswerChunk>(1), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        f.Record(1, Chunk);
        f.Unsigned(2, Interval);
    }
}

/// <summary>A chunk that a gateway got: kept until its interval's commitment was seen to have it.</summary>
internal sealed record HeldChunk(SignedChunk Signed) : IRecord<HeldChunk>
{
    public static RecordType Type => RecordType.HeldChunk;

    public static HeldChunk Read(FieldReader f) => new(f.Nested<SignedChunk>(1));

    public void Write(FieldWriter f) => f.Record(1, Signed);
}

/// <summary>The work that a gateway's vouchers of one interval and channel count in all.</summary>
internal sealed record OwedWork(JobId Endpoint, NodeId Worker, ChannelId Channel, ulong Interval, ulong Work) : IRecord<OwedWork>
{
    public static RecordType Type => RecordType.OwedWork;

    public static OwedWork Read(FieldReader f) => new(
        new JobId(f.Hash(1)), new NodeId(f.Hash(2)), new ChannelId(f.Hash(3)), f.Unsigned(4), f.Unsigned(5));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Endpoint.Hash);
        f.Hash(2, Worker.Key);
        f.Hash(3, Channel.Hash);
        f.Unsigned(4, Interval);
        f.Unsigned(5, Work);
    }
}
