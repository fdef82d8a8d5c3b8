namespace Starling.Simulation.Engine;

/// <summary>Virtual time and everything that is yet to happen, in order of time, then of scheduling.</summary>
public sealed class EventQueue(long start)
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _queue = new();
    private long _order;

    /// <summary>Virtual milliseconds since 1970.</summary>
    public long Now { get; private set; } = start;

    public long Executed { get; private set; }

    public void At(long time, Action action) => _queue.Enqueue(action, (Math.Max(time, Now), _order++));

    public void After(long milliseconds, Action action) => At(Now + milliseconds, action);

    /// <summary>Runs the next event; false when nothing is left.</summary>
    public bool Step()
    {
        if (!_queue.TryDequeue(out var action, out var priority))
            return false;
        Now = priority.Time;
        Executed++;
        action();
        return true;
    }
}
