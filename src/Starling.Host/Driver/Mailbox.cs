using System.Threading.Channels;
using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Node.Messages;

namespace Starling.Host.Driver;

/// <summary>
/// The one queue in front of a role. Messages from peers are bounded; completions of the role's own effects are not
/// refused, because there are never more of them than effects under way, and come first.
/// </summary>
internal sealed class Mailbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Input> _completions = new();
    private readonly LinkedList<MessageReceived> _messages = new();
    private readonly Channel<bool> _filled = Signal();
    private readonly Channel<bool> _room = Signal();

    /// <summary>Announcements dropped for newer ones.</summary>
    public long Dropped { get; private set; }

    public static Overflow OverflowOf(Message message) =>
        message is AnnounceBatch ? Overflow.DropOldest : Overflow.BackPressure;

    public void Complete(Input input)
    {
        lock (_gate)
            _completions.Enqueue(input);
        _filled.Writer.TryWrite(true);
    }

    /// <returns>False when full and the message may not push out another.</returns>
    public bool TryPost(MessageReceived message)
    {
        lock (_gate)
        {
            if (_messages.Count >= capacity && !MakeRoom(message.Message))
                return false;
            _messages.AddLast(message);
        }

        _filled.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Completes when there may be room; try again then.</summary>
    public async ValueTask WaitForRoom(CancellationToken cancel) => await _room.Reader.ReadAsync(cancel);

    /// <summary>Moves up to <paramref name="max"/> inputs into the list; waits for the first.</summary>
    public async ValueTask Take(List<Input> inputs, int max, CancellationToken cancel)
    {
        while (!TryTake(inputs, max))
            await _filled.Reader.ReadAsync(cancel);
    }

    private static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool TryTake(List<Input> inputs, int max)
    {
        lock (_gate)
        {
            while (inputs.Count < max && _completions.TryDequeue(out var completion))
                inputs.Add(completion);
            while (inputs.Count < max && _messages.First is { } first)
            {
                inputs.Add(first.Value);
                _messages.RemoveFirst();
            }

            if (_messages.Count < capacity)
                _room.Writer.TryWrite(true);
            if (_messages.Count + _completions.Count > 0)
                _filled.Writer.TryWrite(true);
        }

        return inputs.Count > 0;
    }

    private bool MakeRoom(Message arriving)
    {
        if (OverflowOf(arriving) != Overflow.DropOldest)
            return false;
        for (var at = _messages.First; at is not null; at = at.Next)
        {
            if (OverflowOf(at.Value.Message) != Overflow.DropOldest)
                continue;
            _messages.Remove(at);
            Dropped++;
            return true;
        }

        return false;
    }
}
