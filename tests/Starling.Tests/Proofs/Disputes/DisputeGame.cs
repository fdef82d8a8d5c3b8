using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Proofs.Disputes;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>How a dispute ended and what it took.</summary>
internal sealed record GameResult(bool ResultHolds, int Moves, long DefenderBytes, long ChallengerBytes, long OpenedBytes, string Path)
{
    /// <summary>How far the search came.</summary>
    public DisputePosition? Position { get; init; }
}

/// <summary>Plays a dispute to its end by the ledger's rules, without the rest of the ledger.</summary>
internal static class DisputeGame
{
    private const int MostMoves = 24;

    public static GameResult Play(ResultClaim claim, IDisputeSide defender, IDisputeSide challenger)
    {
        var task = TaskOf(claim, defender);
        var turn = claim.TraceLength > 0 ? DisputeTurn.Defender : DisputeTurn.Challenger;
        var dispute = DisputeOf(DisputePosition.Start, turn);
        long defenderBytes = 0, challengerBytes = 0, opened = 0;
        for (var moves = 1; moves <= MostMoves; moves++)
        {
            if (MoveOf(claim, dispute, defender, challenger) is not { } body)
                return Result(dispute.Turn == DisputeTurn.Challenger);
            var size = body.Encode().Length;
            if (dispute.Turn == DisputeTurn.Defender)
                defenderBytes += size;
            else
                challengerBytes += size;
            opened += body is OpenInputs ? size : 0;
            var ruling = Rule(task, dispute.Position, body);
            // A side whose move is refused stays silent and loses.
            if (ruling.Code != FailureCode.None)
                return Result(dispute.Turn == DisputeTurn.Challenger);
            if (ruling.ResultHolds is { } holds)
                return Result(holds);
            dispute = DisputeOf(ruling.Next!, ruling.Turn);

            GameResult Result(bool holds) => new(
                holds, moves, defenderBytes, challengerBytes, opened, string.Join('/', dispute.Position.Path))
            {
                Position = dispute.Position,
            };
        }

        Assert.Fail("the dispute does not end");
        return null!;
    }

    /// <summary>The next move; null where what the side ran has nothing to say for what it claimed: it falls silent.</summary>
    private static TransactionBody? MoveOf(ResultClaim claim, DisputeRecord dispute, IDisputeSide defender, IDisputeSide challenger)
    {
        try
        {
            return dispute.Turn == DisputeTurn.Defender
                ? Defender.Move(defender, claim, dispute)
                : Challenger.Move(challenger, claim, dispute);
        }
        catch (Exception e) when (e is RefusedOpening or InvalidOperationException or DecodeException or ArgumentException)
        {
            return null;
        }
    }

    public static Ruling Rule(TaskRecord task, DisputePosition position, TransactionBody body) => (body, position.Level) switch
    {
        (PostClaims post, 0) => TraceLevel.Post(task, position, post),
        (PostClaims post, _) => RefereeProgram.Instance.Post(task, position, post),
        (ChooseClaim choose, 0) => TraceLevel.Choose(task, position, choose.Index),
        (ChooseClaim choose, _) => RefereeProgram.Instance.Choose(task, position, choose.Index),
        (OpenInputs open, _) => RefereeProgram.Instance.Open(task, position, open.Openings),
        _ => throw new InvalidOperationException("no such move"),
    };

    public static TaskRecord TaskOf(ResultClaim claim, IDisputeSide side) => new(
        new TaskId(Blake3.Hash("task"u8)), new JobId(Blake3.Hash("job"u8)),
        new TaskIssue("node", [], Blake3.Hash(side.Spec), 1, side.Blueprint.Hash(), false, default),
        TaskPhase.Live, default, [new AttemptRecord(0, default, default) { Claim = claim }]);

    public static DisputeRecord DisputeOf(DisputePosition position, DisputeTurn turn) => new(
        new DisputeId(Blake3.Hash("dispute"u8)), default, 0, default, default, default, default, 1, turn, default, 1, position);
}
