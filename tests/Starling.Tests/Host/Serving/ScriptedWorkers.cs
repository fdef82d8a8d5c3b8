using System.Collections.Concurrent;
using System.Globalization;
using Starling.Node.Contract;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Tests.Host.Transport;

namespace Starling.Tests.Host.Serving;

/// <summary>A gateway whose workers say after how many milliseconds how many tokens come, and whether they are the last.</summary>
internal sealed class ScriptedWorkers(int workers, Func<RequestAnswer, (int After, int Tokens, bool Last)[]> script) : IRole
{
    public const int Capacity = 8;

    private readonly Dictionary<string, (string Request, AnswerPart Part)> _due = [];
    private int _cancelled;

    public ConcurrentQueue<NodeId> Asked { get; } = new();

    public int Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>The token at a place of every answer.</summary>
    public static int Token(int place) => 65 + (place % 26);

    public void Step(Timestamp now, Input input, EffectList effects)
    {
        switch (input)
        {
            case RequestReceived { Body: KeepEndpoint } keep:
                ReplicaView[] views = [.. Enumerable.Range(1, workers).Select(static n =>
                    new ReplicaView(PeerNode.KeyOf((byte)n).Id, new ChannelId(Blake3.Hash([(byte)n])), 0, Capacity))];
                effects.Add(new Reply(keep.Request, new EndpointView(new JobId(Blake3.Hash([1])), views), Last: false));
                break;
            case RequestReceived { Body: RequestAnswer ask } request:
                Asked.Enqueue(ask.Worker);
                Answer(now, request.Request, ask, effects);
                break;
            case RequestReceived { Body: CancelAnswer }:
                Interlocked.Increment(ref _cancelled);
                break;
            case TimerFired due when _due.Remove(due.Timer, out var next):
                effects.Add(new Reply(next.Request, next.Part, Last: false));
                if (next.Part.Chunk.Stop != AnswerStop.None)
                    effects.Add(new Reply(next.Request, new AnswerEnded(AnswerEnd.Complete)));
                break;
        }
    }

    private void Answer(Timestamp now, string request, RequestAnswer ask, EffectList effects)
    {
        var (place, at) = (ask.Request.Delivered.Length, now);
        foreach (var (after, count, last) in script(ask))
        {
            int[] tokens = [.. Enumerable.Range(place, count).Select(Token)];
            var chunk = new AnswerChunk(
                tokens, [.. tokens.Select(static _ => Hash256.Zero)], last ? AnswerStop.MaxTokens : AnswerStop.None);
            var timer = string.Create(CultureInfo.InvariantCulture, $"{request}/{place}");
            (place, at) = (place + count, at.After(after));
            _due[timer] = (request, new AnswerPart(chunk, []));
            effects.Add(new SetTimer(timer, at));
        }
    }
}
