using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// Blobs from peers that cannot be dialled: this side asks over the link, the peer opens a stream and brings the parts.
/// A ticket joins the two.
/// </summary>
internal sealed class Deliveries
{
    /// <summary>Parts that may wait to be taken; the peer waits when there are so many.</summary>
    private const int Waiting = 4;

    private readonly ConcurrentDictionary<ulong, (NodeId From, Channel<BlobAnswer> Answers)> _open = new();
    private long _serial;

    /// <summary>Asks a peer for parts of a blob; nothing comes when it has none of it.</summary>
    public async IAsyncEnumerable<BlobAnswer> Ask(
        PeerLink link, BlobRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var ticket = (ulong)Interlocked.Increment(ref _serial);
        var answers = Channel.CreateBounded<BlobAnswer>(Waiting);
        _open[ticket] = (link.Peer, answers);
        try
        {
            if (!link.Outgoing.TryAdd(new Frame { Want = new Want { Ticket = ticket, Blob = request } }, Overflow.BackPressure))
                yield break;
            await foreach (var answer in answers.Reader.ReadAllAsync(cancel))
                yield return answer;
        }
        finally
        {
            _open.TryRemove(ticket, out _);
            answers.Writer.TryComplete();
        }
    }

    /// <summary>Takes in what a peer brings.</summary>
    /// <exception cref="RpcException">Nobody here asked this peer for it, or nobody wants it any more.</exception>
    public async Task Take(NodeId from, IAsyncStreamReader<Delivery> stream, CancellationToken cancel)
    {
        if (!await stream.MoveNext(cancel) || !_open.TryGetValue(stream.Current.Ticket, out var open) || open.From != from)
            throw new RpcException(new Status(StatusCode.NotFound, "nobody waits for this"));
        try
        {
            do
            {
                if (stream.Current.Answer is not { } answer)
                    break;
                await open.Answers.Writer.WriteAsync(answer, cancel);
            }
            while (await stream.MoveNext(cancel));
        }
        catch (ChannelClosedException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "it is not wanted any more"));
        }
        finally
        {
            open.Answers.Writer.TryComplete();
        }
    }
}
