using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Host.Serving.Routing;

/// <summary>A worker as its gateway sees it.</summary>
internal sealed class Replica(NodeId worker, ChannelId channel)
{
    private int _inFlight;
    private long _restsUntil;

    public NodeId Worker => worker;

    public ChannelId Channel => channel;

    /// <summary>Answers that it takes at once; 0 while it cannot be asked.</summary>
    public int Capacity { get; set; }

    /// <summary>Answers that were asked of it and have not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>From asking to the first tokens.</summary>
    public Recent First { get; } = new();

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>It failed: others are asked first for a while.</summary>
    /// <param name="until">On the clock of timestamps.</param>
    public void Rest(long until) => Interlocked.Exchange(ref _restsUntil, until);

    public bool Rests(long now) => Interlocked.Read(ref _restsUntil) > now;
}
