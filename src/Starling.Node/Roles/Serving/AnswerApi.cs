using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// Asks a gateway for an answer by a worker that holds a lease of the endpoint, paid from a channel of the gateway to it.
/// What comes back is a stream of <see cref="AnswerPart"/>, ended by one <see cref="AnswerEnded"/>. If that is not
/// <see cref="AnswerEnd.Complete"/>, another worker goes on from what was delivered: the same request with those tokens
/// as <see cref="AnswerRequest.Delivered"/> gives exactly the rest.
/// </summary>
/// <param name="Beyond">What <see cref="AnswerRequest.Beyond"/> names.</param>
/// <param name="TopLogprobs">How many of the likeliest tokens to report at each position; null for no probabilities.</param>
public sealed record RequestAnswer(
    NodeId Worker, ChannelId Channel, AnswerRequest Request, AnswerBeyond Beyond, int? TopLogprobs) : NodeRequest;

/// <summary>The client of a <see cref="RequestAnswer"/> wants no more: nothing further is delivered or paid.</summary>
/// <param name="Name">The answer's request, by its hash.</param>
public sealed record CancelAnswer(Hash256 Name) : NodeRequest;

/// <summary>The next tokens, signed for by the worker and paid.</summary>
public sealed record AnswerPart(AnswerChunk Chunk, TokenOdds[] Odds) : NodeResponse;

/// <summary>Nothing more follows from this worker.</summary>
public sealed record AnswerEnded(AnswerEnd Why) : NodeResponse;
