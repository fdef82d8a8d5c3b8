using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// The part of the referee below the trace: which claims may be posted under a disputed one, what choosing among them
/// leaves open, and the recomputation of the last piece. Pure: the same arguments give the same ruling on every replica.
/// </summary>
public interface IRefereeProgram
{
    /// <summary>The defender posts the claims of a level above 0.</summary>
    Ruling Post(TaskRecord task, DisputePosition position, PostClaims body);

    /// <summary>The challenger names the first claim that it holds to be wrong at a level above 0.</summary>
    Ruling Choose(TaskRecord task, DisputePosition position, int index);

    /// <summary>The defender opens the inputs of the piece in doubt, and the ledger recomputes it.</summary>
    Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings);
}

/// <summary>What a move comes to.</summary>
/// <param name="Code">Not <see cref="FailureCode.None"/>: the move is refused and the turn stays.</param>
/// <param name="Next">The position after it, while the search goes on.</param>
/// <param name="Turn">Whose move is next.</param>
/// <param name="ResultHolds">Not null: the dispute is decided, for or against the result.</param>
public readonly record struct Ruling(FailureCode Code, DisputePosition? Next, DisputeTurn Turn, bool? ResultHolds)
{
    public static Ruling Refuse(FailureCode code) => new(code, null, default, null);

    public static Ruling Continue(DisputePosition next, DisputeTurn turn) => new(FailureCode.None, next, turn, null);

    public static Ruling Decide(bool resultHolds) => new(FailureCode.None, null, default, resultHolds);
}
