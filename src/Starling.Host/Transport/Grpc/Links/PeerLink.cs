using Grpc.Core;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>
/// The one stream between this node and a peer that has said hello. Both sides send something at least every half
/// second; a side that hears nothing for two and a half ends the link, so a connection that is only half there does not
/// last, and a stopped process counts as gone.
/// </summary>
internal sealed class PeerLink : IDisposable
{
    private static readonly Frame s_beat = new() { Beat = new Beat() };

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed;
    private readonly RateLimit _bytes;
    private readonly RateLimit _frames;
    private long _heard;
    private int _working;

    public PeerLink(NodeId peer, Hello hello, Peering.PeeringClient? client, TimeProvider time, CancellationToken stop)
    {
        (Peer, Hello, Client, _time) = (peer, hello, client, time);
        _closed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Closed = _closed.Token;
        _bytes = new RateLimit(PeerLimits.FrameBytesPerSecond, PeerLimits.FrameBytesAtOnce, time);
        _frames = new RateLimit(PeerLimits.FramesPerSecond, PeerLimits.FramesPerSecond, time);
        Heard();
    }

    public NodeId Peer { get; }

    public Hello Hello { get; }

    /// <summary>Calls to the peer; null when the peer dialled this node, which then cannot call it.</summary>
    public Peering.PeeringClient? Client { get; }

    public SendQueue Outgoing { get; } = new(PeerLimits.QueuedFrames, PeerLimits.QueuedBytes);

    /// <summary>Blobs on their way to the peer.</summary>
    public SemaphoreSlim Sending { get; } = new(PeerLimits.BlobsPerPeer);

    /// <summary>Cancelled when the link has ended.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Why it ended.</summary>
    public string? Reason { get; private set; }

    /// <summary>The peer sent something, here or in a stream of its own.</summary>
    public void Heard() => Interlocked.Exchange(ref _heard, _time.GetTimestamp());

    public void Close(string reason)
    {
        if (Closed.IsCancellationRequested)
            return;
        Reason ??= reason;
        _closed.Cancel();
    }

    /// <summary>Moves frames both ways until the link ends.</summary>
    /// <param name="incoming">From the peer.</param>
    /// <param name="outgoing">To the peer.</param>
    /// <param name="take">Takes a frame; what it throws ends the link and comes out here.</param>
    public async Task Run(
        IAsyncStreamReader<Frame> incoming, IAsyncStreamWriter<Frame> outgoing, Func<Frame, ValueTask> take)
    {
        Task[] loops = [Read(incoming, take), Write(outgoing), Watch()];
        try
        {
            await await Task.WhenAny(loops);
            Close("the peer ended it");
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException or OperationCanceledException)
        {
            Close(e is RpcException rpc ? $"{rpc.StatusCode}" : "the connection broke");
        }
        finally
        {
            Close("failed");
            await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _closed.Dispose();

    private async Task Read(IAsyncStreamReader<Frame> incoming, Func<Frame, ValueTask> take)
    {
        while (await incoming.MoveNext(Closed))
        {
            var frame = incoming.Current;
            Heard();

            // While this side is slow to take what came, the peer's silence is this side's doing.
            Volatile.Write(ref _working, 1);
            await _frames.Take(1, Closed);
            await _bytes.Take(frame.CalculateSize(), Closed);
            await take(frame);
            Heard();
            Volatile.Write(ref _working, 0);
        }
    }

    private async Task Write(IAsyncStreamWriter<Frame> outgoing)
    {
        while (true)
        {
            while (Outgoing.TryTake(out var frame))
                await outgoing.WriteAsync(frame, Closed);
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(Closed);
            quiet.CancelAfter(PeerTimes.Beat);
            try
            {
                await Outgoing.WaitForFrame(quiet.Token);
            }
            catch (OperationCanceledException) when (!Closed.IsCancellationRequested)
            {
                await outgoing.WriteAsync(s_beat, Closed);
            }
        }
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(PeerTimes.Beat / 2, _time);
        while (await timer.WaitForNextTickAsync(Closed))
        {
            if (Volatile.Read(ref _working) == 0 && _time.GetElapsedTime(Interlocked.Read(ref _heard)) > PeerTimes.Silence)
            {
                Close("silent");
                return;
            }
        }
    }
}
