using System.Collections.Concurrent;
using System.Threading.Channels;
using Starling.Node.Messages;

namespace Starling.Host.Driver;

/// <summary>
/// Requests from outside that wait for answers. A slow reader of a stream of answers sees the newest: older ones are
/// dropped, which is right for views that each tell everything. Who needs all asks for as much room as there can be.
/// </summary>
internal sealed class Questions
{
    public const int Views = 64;

    private readonly ConcurrentDictionary<string, Channel<NodeResponse>> _open = new();
    private long _serial;

    /// <param name="room">Answers that may wait for the reader.</param>
    public (string Name, ChannelReader<NodeResponse> Answers) Open(int room)
    {
        var name = $"{Interlocked.Increment(ref _serial)}";
        var channel = Channel.CreateBounded<NodeResponse>(
            new BoundedChannelOptions(room) { FullMode = BoundedChannelFullMode.DropOldest });
        _open[name] = channel;
        return (name, channel.Reader);
    }

    public void Answer(string name, NodeResponse body, bool last)
    {
        if (!_open.TryGetValue(name, out var channel))
            return;
        channel.Writer.TryWrite(body);
        if (last)
            Close(name, null);
    }

    /// <summary>Ends one request; its reader sees the answers so far, then the failure, if any.</summary>
    public bool Close(string name, Exception? failure) =>
        _open.TryRemove(name, out var channel) && channel.Writer.TryComplete(failure);

    public void CloseAll(Exception failure)
    {
        foreach (var name in _open.Keys)
            Close(name, failure);
    }
}
