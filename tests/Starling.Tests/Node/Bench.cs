using Starling.Compute.Kernels;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles.Sequencing;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Tests.Node;

/// <summary>
/// A network on the workbench: nothing is lost, everything takes a millisecond, and a test may look at every effect, keep
/// runs back, or restart a node.
/// </summary>
internal sealed class Bench
{
    private const ulong Unit = 1_000_000;

    private static readonly HashChain s_beacons = new(Keys.Hash("beacon"), 1 << 12);

    private readonly SortedDictionary<NodeId, Seat> _seats = [];
    private readonly Queue<(NodeId To, Input Input)> _inputs = [];
    private readonly Dictionary<Hash256, byte[]> _blobs = [];

    public Bench(params string[] accounts)
        : this(s_beacons, accounts)
    {
    }

    /// <param name="beacons">The first chain of beacons; later ones are as long.</param>
    /// <param name="accounts">Who holds something.</param>
    public Bench(HashChain beacons, params string[] accounts)
    {
        Genesis = new GenesisRecord(
            "bench", NetworkProfile.Local, new Timestamp(1_000_000), Keys.Signer("sequencer").Id, beacons.Tip, [],
            [.. accounts.Select(a => new GenesisAccount(Keys.Signer(a).Id, 1_000 * Unit, 1_000 * Unit, 0))], Rules.Local);
        Now = Genesis.Start.After(1);
        Add("sequencer", n => new Sequencer(n, new BeaconChains(
            beacons.Copy(), from => new HashChain(Keys.Hash($"beacons from {from}"), beacons.Length)), SequencerSettings.Local));
    }

    public GenesisRecord Genesis { get; }

    public Timestamp Now { get; private set; }

    /// <summary>Runs that a test keeps back; others are done at once with the real programs.</summary>
    public Predicate<RunTask> Holds { get; set; } = _ => false;

    /// <summary>What comes of effects that the bench knows nothing of.</summary>
    public Func<Seat, Effect, IEnumerable<Input>> Others { get; set; } = (_, _) => [];

    /// <summary>Messages that get lost.</summary>
    public Func<NodeId, NodeId, Message, bool> Loses { get; set; } = (_, _, _) => false;

    public Seat this[string name] => _seats[Keys.Signer(name).Id];

    public NodeSettings Settings(string name) =>
        new(Genesis, Keys.Signer(name), Ed25519.Instance, Keys.Signer("sequencer").Id, Keys.Hash($"secret of {name}"));

    public Seat Add(string name, Func<NodeSettings, IRole> role)
    {
        var seat = new Seat(Keys.Signer(name).Id, () => role(Settings(name)));
        _seats.Add(seat.Id, seat);
        Give(seat, seat.Load());
        return seat;
    }

    public void Put(byte[] blob) => _blobs[ContentId.Of(blob).Hash] = blob;

    public byte[] Blob(Hash256 content) => _blobs[content];

    /// <summary>Drops a role and builds it anew from what it stored.</summary>
    public void Restart(string name)
    {
        var seat = this[name];
        seat.Reset();
        Give(seat, seat.Load());
        Run(0);
    }

    public void Tell(string name, Input input)
    {
        Give(this[name], input);
        Run(0);
    }

    public IReadOnlyList<NodeResponse> Ask(string name, NodeRequest request, long milliseconds = 500)
    {
        var id = $"request-{this[name].Effects.Count}";
        Tell(name, new RequestReceived(id, request));
        Run(milliseconds);
        return [.. this[name].Effects.OfType<Reply>().Where(r => r.Request == id).Select(r => r.Body)];
    }

    /// <summary>Lets time pass, a millisecond at a time, with all that is due in it.</summary>
    public void Run(long milliseconds)
    {
        for (var end = Now.After(milliseconds); ; Now = Now.After(1))
        {
            foreach (var seat in _seats.Values)
                foreach (var timer in seat.TakeDue(Now))
                    _inputs.Enqueue((seat.Id, new TimerFired(timer)));
            while (_inputs.TryDequeue(out var next))
                Give(_seats[next.To], next.Input);
            if (Now >= end)
                return;
        }
    }

    private void Give(Seat seat, Input input)
    {
        var effects = new EffectList();
        seat.Role.Step(Now, input, effects);
        foreach (var effect in effects.Effects)
            Perform(seat, effect);
    }

    private void Perform(Seat seat, Effect effect)
    {
        seat.Keep(effect);
        switch (effect)
        {
            case Send send:
                Carry(seat.Id, send.To, send.Message);
                break;
            case Broadcast broadcast:
                foreach (var peer in _seats.Keys.Where(k => k != seat.Id))
                    Carry(seat.Id, peer, broadcast.Message);
                break;
            case AppendBatch append:
                _inputs.Enqueue((seat.Id, new BatchAppended(append.Batch, seat.TryAppend(append.Batch))));
                break;
            case PutBlob put:
                Put(put.Bytes);
                break;
            case FetchBlob fetch:
                _inputs.Enqueue((seat.Id, new BlobFetched(fetch.Content, _blobs.ContainsKey(fetch.Content))));
                break;
            case ReadBlob read:
                _inputs.Enqueue((seat.Id, new BlobRead(read.Tag, read.Content, _blobs.GetValueOrDefault(read.Content))));
                break;
            default:
                foreach (var input in Others(seat, effect))
                    _inputs.Enqueue((seat.Id, input));
                break;
            case RunTask run when !Holds(run):
                _inputs.Enqueue((seat.Id, new TaskEnded(run.Run, Execute(run.Spec))));
                break;
        }
    }

    private void Carry(NodeId from, NodeId to, Message message)
    {
        if (_seats.ContainsKey(to) && !Loses(from, to, message))
            _inputs.Enqueue((to, new MessageReceived(from, message)));
    }

    /// <summary>Runs a task with the real programs.</summary>
    public TaskOutcome Execute(TaskSpec spec)
    {
        var run = TaskPrograms.Execute(
            spec, [.. spec.Inputs.Select(i => (ReadOnlyMemory<byte>)_blobs[i])], new TaskContext(VectorBackend.Best()));
        foreach (var output in run.Outputs)
            Put(output);
        return run.Outcome;
    }
}
