using Starling.Host.Driver;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>What a peer can do wrong, once its certificate says who it is.</summary>
internal enum Offence
{
    /// <summary>No hello, or one that breaks the limits.</summary>
    BadHello = 1,

    /// <summary>A frame that this protocol does not allow there.</summary>
    BadFrame = 2,

    /// <summary>A message that is not what its frame says.</summary>
    BadMessage = 3,

    /// <summary>Bytes that are not of the blob that was asked for.</summary>
    BadBlob = 4,

    /// <summary>A record of the log, or a snapshot, that the producer's signatures contradict.</summary>
    BadRecord = 5,
}

/// <summary>
/// Keeps peers that broke the protocol away for a while: five seconds at first, twice as long each further time, at most
/// an hour. Others are not affected.
/// </summary>
internal sealed class Penalties(string node, TimeProvider time, Action<NodeReport> report)
{
    private const int Remembered = 4_096;
    private const int Doublings = 10;

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, (int Times, DateTimeOffset Until)> _barred = [];

    public void Add(NodeId peer, Offence offence, string detail)
    {
        lock (_gate)
        {
            var times = _barred.GetValueOrDefault(peer).Times;
            var length = TimeSpan.FromTicks(Math.Min(s_first.Ticks << Math.Min(times, Doublings), s_longest.Ticks));
            if (_barred.Count >= Remembered && !_barred.ContainsKey(peer))
                _barred.Remove(_barred.MinBy(b => b.Value.Until).Key);
            _barred[peer] = (times + 1, time.GetUtcNow() + length);
        }

        report(new NodeReport(node, "peer.penalised", new Dictionary<string, object>
        {
            ["peer"] = peer.ToString(),
            ["offence"] = offence.ToString(),
            ["detail"] = detail,
        }));
    }

    /// <summary>How much longer a peer must stay away; zero when it may come.</summary>
    public TimeSpan BarredFor(NodeId peer)
    {
        lock (_gate)
        {
            var left = _barred.GetValueOrDefault(peer).Until - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
