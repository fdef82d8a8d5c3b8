using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Whose move a dispute waits for. Values are consensus.</summary>
public enum DisputeTurn
{
    /// <summary>The defender posts the claims under the disputed one, or opens the inputs of the last piece.</summary>
    Defender = 1,

    /// <summary>The challenger names the first claim that it holds to be wrong.</summary>
    Challenger = 2,
}

/// <summary>An open dispute about one attempt. Removed when it ends; the attempt and the events keep the outcome.</summary>
/// <param name="Id">The dispute.</param>
/// <param name="Task">The task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Defender">The worker.</param>
/// <param name="Challenger">Who says otherwise.</param>
/// <param name="Root">The root that the challenger computed.</param>
/// <param name="Bond">The challenger's stake behind it.</param>
/// <param name="Opened">Height of the batch that opened it.</param>
/// <param name="Turn">Whose move it is: whoever is silent past <paramref name="Due"/> loses.</param>
/// <param name="Due">Deadline of the move.</param>
/// <param name="TurnMs">Time for each move.</param>
/// <param name="Position">How far the search has come.</param>
public sealed record DisputeRecord(
    DisputeId Id,
    TaskId Task,
    int Attempt,
    NodeId Defender,
    NodeId Challenger,
    Hash256 Root,
    Tokens Bond,
    ulong Opened,
    DisputeTurn Turn,
    Timestamp Due,
    long TurnMs,
    DisputePosition Position) : IRecord<DisputeRecord>
{
    /// <summary>Where the log holds the challenger's commitment.</summary>
    public LogPlace Committed { get; init; }

    /// <summary>True when its challenger was drawn to audit the result.</summary>
    public bool Drawn { get; init; }

    /// <summary>Since when the result waits for it: when it is lost, the challenge window is longer by that.</summary>
    public Timestamp Since { get; init; }

    /// <summary>Times that a full batch put off its opening.</summary>
    public int Deferrals { get; init; }

    /// <summary>What its challenger has in line.</summary>
    internal RivalClaim Claim => new(Challenger, Root, Bond, Committed) { Drawn = Drawn };

    /// <summary>Nobody has moved yet.</summary>
    internal bool IsUnmoved => Position is { Level: 0, Claims.Length: 0 };

    public static RecordType Type => RecordType.Dispute;

    public static DisputeRecord Read(FieldReader f) => new(
        new DisputeId(f.Hash(1)), new TaskId(f.Hash(2)), f.Int32(3), new NodeId(f.Hash(4)), new NodeId(f.Hash(5)),
        f.Hash(6), f.Tokens(7), f.Unsigned(8), (DisputeTurn)f.Int32(9, 1, 2), f.Time(10), f.Integer(11),
        f.Nested<DisputePosition>(12))
    {
        Committed = new LogPlace(f.Unsigned(13), f.Int32(14)),
        Drawn = f.Flag(15),
        Since = f.Time(16),
        Deferrals = f.Int32(17),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Hash(2, Task.Hash);
        f.Integer(3, Attempt);
        f.Hash(4, Defender.Key);
        f.Hash(5, Challenger.Key);
        f.Hash(6, Root);
        f.Amount(7, Bond);
        f.Unsigned(8, Opened);
        f.Integer(9, (int)Turn);
        f.Time(10, Due);
        f.Integer(11, TurnMs);
        f.Record(12, Position);
        f.Unsigned(13, Committed.Height);
        f.Integer(14, Committed.Index);
        f.Flag(15, Drawn);
        f.Time(16, Since);
        f.Integer(17, Deferrals);
    }
}
