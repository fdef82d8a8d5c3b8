using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Wire;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>Frames on their way to one peer, bounded in number and bytes.</summary>
internal sealed class SendQueue(int maxFrames, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(Frame Frame, int Size, Overflow Overflow)> _frames = new();
    private readonly Channel<bool> _filled = Signal();
    private readonly Channel<bool> _room = Signal();
    private long _bytes;

    /// <summary>Announcements dropped for newer ones.</summary>
    public long Dropped { get; private set; }

    /// <returns>False when full and the frame may not push out another.</returns>
    public bool TryAdd(Frame frame, Overflow overflow)
    {
        var size = frame.CalculateSize();
        lock (_gate)
        {
            while (IsFull(size))
                if (overflow != Overflow.DropOldest || !DropOldest())
                    return false;
            _frames.AddLast((frame, size, overflow));
            _bytes += size;
        }

        _filled.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Completes when there may be room; try again then.</summary>
    public async ValueTask WaitForRoom(CancellationToken cancel) => await _room.Reader.ReadAsync(cancel);

    public bool TryTake([NotNullWhen(true)] out Frame? frame)
    {
        frame = null;
        lock (_gate)
        {
            if (_frames.First is not { } first)
                return false;
            (frame, var size, _) = first.Value;
            _frames.RemoveFirst();
            _bytes -= size;
        }

        _room.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Completes when there may be a frame.</summary>
    public async ValueTask WaitForFrame(CancellationToken cancel) => await _filled.Reader.ReadAsync(cancel);

    private static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // One frame always fits an empty queue, whatever its size.
    private bool IsFull(int size) => _frames.Count >= maxFrames || (_frames.Count > 0 && _bytes + size > maxBytes);

    private bool DropOldest()
    {
        for (var at = _frames.First; at is not null; at = at.Next)
        {
            if (at.Value.Overflow != Overflow.DropOldest)
                continue;
            _frames.Remove(at);
            _bytes -= at.Value.Size;
            Dropped++;
            return true;
        }

        return false;
    }
}
