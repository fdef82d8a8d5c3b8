using Google.Protobuf;
using Starling.Compute.Generation;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Node.Messages;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Host.Transport.Grpc;

/// <summary>Messages about answers as frames and back.</summary>
internal static class ServingFrames
{
    /// <summary>The frame; null for other messages.</summary>
    public static Frame? Encode(Message message) => message switch
    {
        AskAnswer m => new Frame { AskAnswer = Asked(m) },
        SendChunk m => new Frame { SendChunk = Sent(m) },
        PayAnswers m => new Frame { PayAnswers = Bytes(RecordCodec.Encode(m.Promise)) },
        EndAnswer m => new Frame { EndAnswer = new EndedAnswer { Request = Bytes(m.Request.ToArray()), Why = (uint)m.Why } },
        TellServing m => new Frame
        {
            TellServing = new ToldServing
            {
                Endpoint = Bytes(m.Endpoint.Hash.ToArray()),
                Running = (uint)m.Running,
                Capacity = (uint)m.Capacity,
            },
        },
        _ => null,
    };

    /// <summary>The message; null for other frames.</summary>
    /// <exception cref="DecodeException">It is malformed.</exception>
    public static Message? Decode(Frame frame) => frame.BodyCase switch
    {
        Frame.BodyOneofCase.AskAnswer => Asked(frame.AskAnswer),
        Frame.BodyOneofCase.SendChunk => Sent(frame.SendChunk),
        Frame.BodyOneofCase.PayAnswers => new PayAnswers(RecordCodec.Decode<AnswerPromise>(frame.PayAnswers.Memory)),
        Frame.BodyOneofCase.EndAnswer => Ended(frame.EndAnswer),
        Frame.BodyOneofCase.TellServing => new TellServing(
            new JobId(Hash(nameof(TellServing), frame.TellServing.Endpoint)),
            Count(nameof(TellServing), frame.TellServing.Running), Count(nameof(TellServing), frame.TellServing.Capacity)),
        _ => null,
    };

    private static AskedAnswer Asked(AskAnswer m)
    {
        var asked = new AskedAnswer
        {
            Request = Bytes(RecordCodec.Encode(m.Request)),
            Channel = Bytes(m.Channel.Hash.ToArray()),
            Beyond = Bytes(RecordCodec.Encode(m.Beyond)),
        };
        if (m.TopLogprobs is { } top)
            asked.TopLogprobs = (uint)top;
        return asked;
    }

    private static AskAnswer Asked(AskedAnswer asked) => new(
        RecordCodec.Decode<AnswerRequest>(asked.Request.Memory), new ChannelId(Hash(nameof(AskAnswer), asked.Channel)),
        RecordCodec.Decode<AnswerBeyond>(asked.Beyond.Memory),
        asked.HasTopLogprobs ? Count(nameof(AskAnswer), asked.TopLogprobs) : null);

    private static SentChunk Sent(SendChunk m)
    {
        var sent = new SentChunk
        {
            Signed = Bytes(RecordCodec.Encode(m.Signed)),
            Chunk = Bytes(RecordCodec.Encode(m.Chunk)),
        };
        foreach (var (logprob, top) in m.Odds)
        {
            var odds = new Odds { Logprob = logprob };
            odds.Tokens.AddRange(top.Select(static t => (uint)t.Token));
            odds.Logprobs.AddRange(top.Select(static t => t.Logprob));
            sent.Odds.Add(odds);
        }

        return sent;
    }

    private static SendChunk Sent(SentChunk sent) => new(
        RecordCodec.Decode<SignedChunk>(sent.Signed.Memory), RecordCodec.Decode<AnswerChunk>(sent.Chunk.Memory),
        [.. sent.Odds.Select(OddsOf)]);

    private static TokenOdds OddsOf(Odds odds)
    {
        if (odds.Tokens.Count != odds.Logprobs.Count)
            throw new DecodeException(nameof(SendChunk), $"{odds.Tokens.Count} tokens have {odds.Logprobs.Count} probabilities");
        return new TokenOdds(
            odds.Logprob, [.. odds.Tokens.Zip(odds.Logprobs, (t, p) => new TokenLogprob(Count(nameof(SendChunk), t), p))]);
    }

    private static EndAnswer Ended(EndedAnswer ended)
    {
        var why = (AnswerEnd)ended.Why;
        return Enum.IsDefined(why)
            ? new EndAnswer(Hash(nameof(EndAnswer), ended.Request), why)
            : throw new DecodeException(nameof(EndAnswer), $"{ended.Why} is no reason");
    }

    private static int Count(string message, uint count) =>
        count <= int.MaxValue ? (int)count : throw new DecodeException(message, $"{count} is too large");

    private static Hash256 Hash(string message, ByteString bytes) => bytes.Length == Hash256.Size
        ? new Hash256(bytes.Span)
        : throw new DecodeException(message, $"a hash has {Hash256.Size} bytes, not {bytes.Length}");

    private static ByteString Bytes(byte[] bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
