using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.Work;

/// <summary>
/// Records of a job leave the state some time after its end, so that the state is as large as what goes on and not as
/// all that ever was. Their hashes stay, in an archive under the state root.
/// </summary>
internal static class Archiving
{
    /// <summary>Records that leave at one time; a job with more has more turns.</summary>
    private const int PerTurn = 64;

    public static void Due(Step step, JobId id)
    {
        var archive = step.State.Archive;
        var peaks = new MountainPeaks(archive.Count, archive.Peaks);
        var tasks = step.State.Index.TasksOfJob.Some(id, PerTurn);
        foreach (var task in tasks)
        {
            Enter(step, peaks, StateKey.Task(task), step.State.Tasks.Get(task));
            step.State.Tasks.Remove(task);
        }

        if (tasks.Length < PerTurn)
        {
            Enter(step, peaks, StateKey.Job(id), step.State.Jobs.Get(id));
            step.State.Jobs.Remove(id);
        }

        step.State.SetArchive(new ArchiveRecord(peaks.Count, peaks.Peaks));
    }

    /// <summary>A task that leaves before its job.</summary>
    public static void One(Step step, TaskRecord task)
    {
        var archive = step.State.Archive;
        var peaks = new MountainPeaks(archive.Count, archive.Peaks);
        Enter(step, peaks, StateKey.Task(task.Id), task);
        step.State.Tasks.Remove(task.Id);
        step.State.SetArchive(new ArchiveRecord(peaks.Count, peaks.Peaks));
    }

    private static void Enter<T>(Step step, MountainPeaks peaks, StateKey key, T record)
        where T : IRecord<T>
    {
        step.Emit(new RecordArchived(key.Table, key.Id, peaks.Count));
        peaks.Append(ArchiveRecord.Entry(key, RecordCodec.Encode(record)));
    }
}
