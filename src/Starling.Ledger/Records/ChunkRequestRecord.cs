using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Chunks of a shown result that somebody asked for, not answered yet.</summary>
/// <param name="Id">The id of the transaction that asked.</param>
/// <param name="Task">The task.</param>
/// <param name="Output">Which of its outputs.</param>
/// <param name="First">The first chunk.</param>
/// <param name="Count">How many.</param>
/// <param name="Asker">Who asked.</param>
/// <param name="Price">Locked for whoever answers.</param>
/// <param name="Due">The deadline.</param>
public sealed record ChunkRequestRecord(
    Hash256 Id, TaskId Task, int Output, long First, int Count, NodeId Asker, Credits Price, Timestamp Due)
    : IRecord<ChunkRequestRecord>
{
    /// <summary>Requests open for one result.</summary>
    public const int MostPerResult = 16;

    public static RecordType Type => RecordType.ChunkRequest;

    public static ChunkRequestRecord Read(FieldReader f) => new(
        f.Hash(1), new TaskId(f.Hash(2)), f.Int32(3), f.Integer(4, 0), f.Int32(5, 1), new NodeId(f.Hash(6)), f.Credits(7), f.Time(8));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id);
        f.Hash(2, Task.Hash);
        f.Integer(3, Output);
        f.Integer(4, First);
        f.Integer(5, Count);
        f.Hash(6, Asker.Key);
        f.Amount(7, Price);
        f.Time(8, Due);
    }
}
