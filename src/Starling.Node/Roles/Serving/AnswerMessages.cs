using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Node.Roles.Serving;

/// <summary>A gateway asks a worker for an answer, to be paid out of a channel. Sending it again is harmless.</summary>
/// <param name="Beyond">What <see cref="AnswerRequest.Beyond"/> names.</param>
/// <param name="TopLogprobs">How many of the likeliest tokens to tell at each position; null for no probabilities.</param>
public sealed record AskAnswer(AnswerRequest Request, ChannelId Channel, AnswerBeyond Beyond, int? TopLogprobs) : Message;

/// <summary>A worker's next chunk, with its word that it will be committed to.</summary>
/// <param name="Odds">One for each token where they were asked for, else none: told, and not signed.</param>
public sealed record SendChunk(SignedChunk Signed, AnswerChunk Chunk, TokenOdds[] Odds) : Message;

/// <summary>A worker tells an endpoint's coordinator how it fares: after every change, and every while.</summary>
/// <param name="Running">Answers in the making.</param>
/// <param name="Capacity">Answers that it takes at once; 0 while it cannot serve.</param>
public sealed record TellServing(JobId Endpoint, int Running, int Capacity) : Message;

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

    /// <summary>The worker cannot be reached.</summary>
    Lost = 8,
}
