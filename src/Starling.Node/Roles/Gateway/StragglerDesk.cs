using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Gateway;

/// <summary>
/// Machines that take far longer over a task than others took over as much work. While nothing else waits and a lease is
/// free, such a task is better off there; the machine is not given more of this job as
/// long as others are there. What it knows it has seen, so a restart begins anew.
/// </summary>
internal sealed class StragglerDesk(JobId id, LedgerState state)
{
    /// <summary>Tasks that must have ended before any is called late.</summary>
    private const int Enough = 5;

    private const int Remembered = 1_024;

    /// <summary>Late is this many times what nine of ten tasks take.</summary>
    private const int Late = 3;

    /// <summary>Nothing that takes less is late: messages and batches take time too.</summary>
    private const long LeastMs = 2_000;

    /// <summary>Attempts after which a task is left where it is: it may be the task that is slow.</summary>
    private const int Moves = 3;

    private readonly Dictionary<(TaskId Task, int Attempt), Timestamp> _since = [];
    private readonly Queue<UInt128> _pace = [];
    private readonly SortedSet<NodeId> _slow = [];
    private ulong _seenAt;

    /// <summary>Machines that the job does without for being slow.</summary>
    public IReadOnlyCollection<NodeId> Slow => _slow;

    /// <summary>Notes what began and what ended.</summary>
    public void Observe(Timestamp now)
    {
        if (_seenAt == state.Height)
            return;
        _seenAt = state.Height;
        if (state.LeasesOf(id).Count == 0)
            _slow.Clear();
        foreach (var task in state.TasksOf(id))
        {
            var key = (task.Id, task.Current.Number);
            if (IsRunning(task))
                _since.TryAdd(key, now);
            else if (_since.Remove(key, out var since) && task.Current.Commitment is not null)
                Note(now, since, task);
        }
    }

    /// <summary>Finds who is late. Call while no task of the job waits for a lease.</summary>
    public void Look(Timestamp now)
    {
        var leases = state.LeasesOf(id);
        var free = leases.Where(l => l.Tasks.Length == 0 && !_slow.Contains(l.Provider)).Select(static l => l.Provider).ToList();
        if (_pace.Count < Enough || free.Count == 0)
            return;
        var most = Math.Min(leases.Select(static l => l.Provider).Distinct().Count() / 2, Limits.Avoided);
        var usual = _pace.Order().ElementAt(_pace.Count * 9 / 10);
        foreach (var lease in leases)
            foreach (var task in lease.Tasks)
                if (_slow.Count < most && IsLate(now, state.Tasks.Find(task)!, usual)
                    && free.FindIndex(p => p != lease.Provider) is >= 0 and var other)
                {
                    free.RemoveAt(other);
                    _slow.Add(lease.Provider);
                }
    }

    private bool IsLate(Timestamp now, TaskRecord task, UInt128 usual) =>
        task.Attempts.Length < Moves && _since.TryGetValue((task.Id, task.Current.Number), out var since)
        && now >= since.After(LeastMs) && (UInt128)(now.Milliseconds - since.Milliseconds) * Scale > Late * usual * task.Issue.Work;

    /// <summary>Milliseconds for each unit of work, times this.</summary>
    private static UInt128 Scale => 1_000_000_000_000;

    private static bool IsRunning(TaskRecord task) =>
        task is { Phase: TaskPhase.Live, Current.Status: AttemptStatus.Issued };

    private void Note(Timestamp now, Timestamp since, TaskRecord task)
    {
        if (_pace.Count == Remembered)
            _pace.Dequeue();
        _pace.Enqueue((UInt128)Math.Max(0, now.Milliseconds - since.Milliseconds) * Scale / task.Issue.Work);
    }
}
