using Starling.Compute.Generation;
using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Proofs.Answers;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>Something to do with the model of an endpoint.</summary>
public abstract record ModelEffect : Effect;

/// <summary>
/// Loads a model whose files are in the local store, checks that its weights are those of the terms, and runs it once;
/// answered by <see cref="ModelPrepared"/>. Effects of other kinds name endpoints whose model is prepared.
/// </summary>
public sealed record PrepareModel(JobId Endpoint, EndpointTerms Terms, EndpointModel Model) : ModelEffect;

/// <summary>A model is ready; or, with the problem, never will be as it is.</summary>
public sealed record ModelPrepared(JobId Endpoint, string? Problem) : Input;

/// <summary>
/// The engine makes an answer from where it stands, each token with the hash of its logits, and gives the first chunk as
/// soon as there is one; answered by <see cref="ChunkMade"/> or <see cref="AnswerFailed"/>.
/// </summary>
/// <param name="Name">The request's hash.</param>
/// <param name="Beyond">What <see cref="AnswerRequest.Beyond"/> names.</param>
/// <param name="TopLogprobs">How many of the likeliest tokens to report at each position; null for no probabilities.</param>
/// <param name="Made">Chunks made before, after a restart.</param>
public sealed record StartAnswer(
    Hash256 Name, AnswerRequest Request, AnswerBeyond Beyond, int? TopLogprobs, IReadOnlyList<AnswerChunk> Made) : ModelEffect;

/// <summary>
/// The engine gives the next chunk: all tokens since the last one, as soon as there is at least one. So chunks grow with
/// the time that their way takes, and the engine waits for nobody.
/// </summary>
public sealed record NextChunk(Hash256 Name) : ModelEffect;

/// <summary>The engine stops an answer that nobody wants; no chunk follows.</summary>
public sealed record StopAnswer(Hash256 Name) : ModelEffect;

/// <summary>A token's probability and those of the likeliest ones: told, and not committed to.</summary>
public sealed record TokenOdds(float Logprob, TokenLogprob[] Top);

/// <summary>The engine made the next chunk.</summary>
/// <param name="Odds">One for each token, or none.</param>
public sealed record ChunkMade(Hash256 Name, AnswerChunk Chunk, TokenOdds[] Odds) : Input;

/// <summary>The engine refuses a request, or cannot go on.</summary>
public sealed record AnswerFailed(Hash256 Name, string Reason) : Input;

/// <summary>
/// Works out a move of a dispute about answers, as <c>AnswerPlay</c> does with the model at hand; answered by
/// <see cref="MoveReady"/>.
/// </summary>
/// <param name="Kept">The interval's answers, by request ascending.</param>
public sealed record PlayAnswers(string Run, TaskRecord Task, DisputeRecord Dispute, IReadOnlyList<AnswerRecord> Kept) : ModelEffect;

/// <summary>An answer that an auditor drew.</summary>
public sealed record DrawnAnswer(int Place, AnswerRecord Answer);

/// <summary>
/// Recomputes answers with the model of their endpoint, as <c>AnswerAudit</c> does; answered by
/// <see cref="AnswersChecked"/>.
/// </summary>
public sealed record CheckAnswers(string Run, TaskRecord Task, IReadOnlyList<DrawnAnswer> Answers) : ModelEffect;

/// <summary>What was found first, or null where all are right.</summary>
public sealed record AnswersChecked(string Run, AnswerFinding? Finding) : Input;

/// <summary>Works out a challenger's move, as <c>AnswerPlay</c> does; answered by <see cref="MoveReady"/>.</summary>
public sealed record ChallengeAnswer(
    string Run, TaskRecord Task, DisputeRecord Dispute, AnswerFinding Finding, AnswerRecord Answer) : ModelEffect;
