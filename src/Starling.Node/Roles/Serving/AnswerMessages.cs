using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Node.Roles.Serving;

/// <summary>A gateway asks a worker for an answer, to be paid out of a channel. Sending it again is harmless.</summary>
public sealed record AskAnswer(AnswerRequest Request, ChannelId Channel) : Message;

/// <summary>A worker's next chunk, with its word that it will be committed to.</summary>
public sealed record SendChunk(SignedChunk Signed, AnswerChunk Chunk) : Message;

/// <summary>A gateway's voucher for the chunks that it has.</summary>
public sealed record PayAnswers(AnswerPromise Promise) : Message;

/// <summary>An answer will not go on: from the worker that cannot, or from the gateway that wants no more.</summary>
public sealed record EndAnswer(Hash256 Request, AnswerEnd Why) : Message;

/// <summary>Why an answer does not go on. Values are part of the protocol between nodes: they only grow.</summary>
public enum AnswerEnd
{
    /// <summary>Its last chunk says why.</summary>
    Complete = 1,

    /// <summary>The client wants no more.</summary>
    Cancelled = 2,

    /// <summary>The worker serves no such endpoint, or not this model.</summary>
    NotServed = 3,

    /// <summary>The channel is not from the asker to the worker, or holds too little.</summary>
    NotPaid = 4,

    /// <summary>The worker has as many answers as it takes.</summary>
    Full = 5,

    /// <summary>The engine refused the request.</summary>
    Refused = 6,

    /// <summary>What the worker sent does not fit what it sent before, or is not signed by it.</summary>
    Malformed = 7,
}
