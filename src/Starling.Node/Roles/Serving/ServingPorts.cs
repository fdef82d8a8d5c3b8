using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Proofs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// The engine makes an answer from where it stands, chunk by chunk, each with the hashes of its logits; answered by
/// <see cref="ChunkMade"/> or <see cref="AnswerFailed"/>.
/// </summary>
/// <param name="Name">The request's hash.</param>
/// <param name="Made">Chunks made before, after a restart.</param>
public sealed record StartAnswer(Hash256 Name, AnswerRequest Request, IReadOnlyList<AnswerChunk> Made) : Effect;

/// <summary>The engine stops an answer that nobody wants; no chunk follows.</summary>
public sealed record StopAnswer(Hash256 Name) : Effect;

/// <summary>The engine made the next chunk.</summary>
public sealed record ChunkMade(Hash256 Name, AnswerChunk Chunk) : Input;

/// <summary>The engine refuses a request, or cannot go on.</summary>
public sealed record AnswerFailed(Hash256 Name, string Reason) : Input;

/// <summary>
/// Works out a move of a dispute about answers, as <c>AnswerPlay</c> does with the model at hand; answered by
/// <see cref="MoveReady"/>.
/// </summary>
/// <param name="Kept">The interval's answers, by request ascending.</param>
public sealed record PlayAnswers(string Run, TaskRecord Task, DisputeRecord Dispute, IReadOnlyList<AnswerRecord> Kept) : Effect;

/// <summary>An answer that an auditor drew.</summary>
public sealed record DrawnAnswer(int Place, AnswerRecord Answer);

/// <summary>
/// Recomputes answers with the model of their endpoint, as <c>AnswerAudit</c> does; answered by
/// <see cref="AnswersChecked"/>.
/// </summary>
public sealed record CheckAnswers(string Run, TaskRecord Task, IReadOnlyList<DrawnAnswer> Answers) : Effect;

/// <summary>What was found first, or null where all are right.</summary>
public sealed record AnswersChecked(string Run, AnswerFinding? Finding) : Input;

/// <summary>Works out a challenger's move, as <c>AnswerPlay</c> does; answered by <see cref="MoveReady"/>.</summary>
public sealed record ChallengeAnswer(
    string Run, TaskRecord Task, DisputeRecord Dispute, AnswerFinding Finding, AnswerRecord Answer) : Effect;
