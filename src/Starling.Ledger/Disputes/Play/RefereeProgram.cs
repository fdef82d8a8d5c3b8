using Starling.Ledger.Answers;
using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// The referee below the first list of the trace. The index after the last of a new list says that the list has the wrong
/// form; for values, the next three say that they do not make up the state claimed, that a loss or parameter among them is not
/// finite, and that all of them are. Stateless: everything stands in the position.
/// </summary>
public sealed class RefereeProgram : IRefereeProgram
{
    private readonly AnswerReferee _answers;

    private RefereeProgram() => _answers = new AnswerReferee(this);

    public static RefereeProgram Instance { get; } = new();

    public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body)
    {
        if (task.Answers is not null)
            return _answers.Post(task, position, body);
        var search = new Search(position, task.Current.Claim!);
        if (body.Claims.Length == 0 || search.Next is not { } kind || position.Level == DisputePosition.MaxLevels)
            return Ruling.Refuse(FailureCode.WrongMove);
        return body.Claims.Length == NodeLists.ListLength(body.Length) && Leads(search, kind, body)
            ? Ruling.Continue(position with { Claims = body.Claims, Length = body.Length }, DisputeTurn.Challenger)
            : Ruling.Refuse(FailureCode.ClaimsMismatch);
    }

    public Ruling Choose(TaskRecord task, DisputePosition position, int index)
    {
        if (task.Answers is not null)
            return _answers.Choose(task, position, index);
        var search = new Search(position, task.Current.Claim!);
        var claims = position.Claims;
        var most = search.Continues ? claims.Length - 1
            : claims.Length + (search.Next == StageKind.Values ? (int)Objection.Finite - 1 : 0);
        if (index < 0 || index > most)
            return Ruling.Refuse(FailureCode.IndexOutOfRange);
        var root = search.Continues ? search.Last!.Root
            : search.Next == StageKind.Chunks ? search.Content
            : MerkleTree.RootOf(position.Length, NodeLists.CombineItems(claims, position.Length));
        var agreed = index == 0 ? Hash256.Zero : claims[Math.Min(index, claims.Length) - 1];
        return Ruling.Continue(
            position.Descend(index, agreed, index < claims.Length ? claims[index] : Hash256.Zero, root), DisputeTurn.Defender);
    }

    public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings) =>
        task.Answers is null ? Judge.Decide(task, position, openings.ToArray()) : _answers.Open(task, position, openings);

    /// <summary>
    /// Whether a list leads to the claim it stands under. Steps and parts stand under none, and neither do values, but those of a
    /// step that is said not to be finite.
    /// </summary>
    private static bool Leads(Search search, StageKind kind, PostClaims body)
    {
        if (search.Continues)
        {
            var open = search.Last!;
            return body.Length == open.Span && open.Disputed == (kind == StageKind.Chunks
                ? NodeLists.CombineChunks(body.Claims, isRoot: false)
                : NodeLists.CombineItems(body.Claims, body.Length));
        }

        return kind switch
        {
            StageKind.Chunks => search.Content == (body.Length == 1
                ? body.Claims[0]
                : NodeLists.CombineChunks(body.Claims, isRoot: true)),
            StageKind.Values when search.IsFaultStep =>
                MerkleTree.RootOf(body.Length, NodeLists.CombineItems(body.Claims, body.Length)) == search[StageKind.Trace]!.Disputed,
            StageKind.Leaves => MerkleTree.RootOf(body.Length, NodeLists.CombineItems(body.Claims, body.Length)) == StateOf(search),
            _ => true,
        };
    }

    /// <summary>The state whose leaves are listed.</summary>
    private static Hash256 StateOf(Search search) => search.IsFirstState
        ? search[StageKind.Trace]!.Disputed
        : search[StageKind.Steps]!.Disputed;
}
