using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Engine;

/// <summary>How each visible effect comes about.</summary>
public sealed partial class SimNetwork
{
    private void Perform(SimNode node, Effect effect)
    {
        switch (effect)
        {
            case Send send:
                Carry(node.Id, send.To, send.Message);
                break;
            case Broadcast broadcast:
                foreach (var peer in _nodes.Keys.Where(k => k != node.Id).ToArray())
                    Carry(node.Id, peer, broadcast.Message);
                break;
            case SetTimer timer:
                SetTimer(node, timer);
                break;
            case FetchBlob fetch:
                Fetch(node, fetch);
                break;
            case ReadBlob read:
                var bytes = _random.Chance(Faults.CorruptReads) ? null : Blobs.Read(node.Id, read.Content);
                InLife(node, 1, new BlobRead(read.Tag, read.Content, bytes));
                break;
            case RunTask run:
                Run(node, run);
                break;
            case PlayMove play:
                var move = _lab.Play(play, content => Blobs.Read(node.Id, content));
                InLife(node, 1, new MoveReady(play.Run, move.Body, move.Problem));
                break;
            case CancelRun cancel:
                node.Running.Remove(cancel.Run);
                break;
            case Reply reply:
                if (!Replies.TryGetValue(reply.Request, out var answers))
                    Replies.Add(reply.Request, answers = []);
                answers.Add(reply.Body);
                break;
        }
    }

    private void Carry(NodeId from, NodeId to, Message message)
    {
        if (_random.Chance(Faults.Loss))
            return;
        var copies = _random.Chance(Faults.Duplication) ? 2 : 1;
        for (var i = 0; i < copies; i++)
            Queue.After(Latency(from, to), () =>
            {
                if (Reachable(from, to))
                    Deliver(to, new MessageReceived(from, message));
            });
    }

    private void SetTimer(SimNode node, SetTimer timer)
    {
        node.SetTimer(timer.Timer, timer.At?.Milliseconds);
        if (timer.At is not { } at)
            return;
        var life = node.Life;
        Queue.At(at.Milliseconds - node.Skew, () =>
        {
            if (node.Alive && node.Life == life && node.TakeTimer(timer.Timer, at.Milliseconds))
                Step(node, new TimerFired(timer.Timer));
        });
    }

    /// <summary>The first holder in turn that lives, can be reached and has the blob, unaltered, gives it.</summary>
    private void Fetch(SimNode node, FetchBlob fetch)
    {
        var life = node.Life;
        Queue.After(_random.Between(Faults.LatencyMin, Faults.LatencyMax) + FetchMs, () =>
        {
            if (!node.Alive || node.Life != life)
                return;
            var found = Blobs.Holds(node.Id, fetch.Content) || fetch.Holders.Any(h => Gives(node.Id, h, fetch.Content));
            if (found)
                Blobs.Hold(node.Id, fetch.Content);
            Step(node, new BlobFetched(fetch.Content, found));
        });
    }

    private bool Gives(NodeId to, NodeId holder, Hash256 content) =>
        _nodes.TryGetValue(holder, out var node) && node.Alive && Reachable(to, holder) && Dials(to, holder) && !Cut(to, holder)
        && Blobs.Holds(holder, content) && !_random.Chance(Faults.FetchFailure) && !_random.Chance(Faults.CorruptReads);

    /// <summary>One run at a time on each machine, in the order asked for.</summary>
    private void Run(SimNode node, RunTask run)
    {
        if (!node.Running.Add(run.Run))
            throw new InvalidOperationException($"{node} runs {run.Run} twice at once");
        var corrupt = _random.Chance(Faults.CorruptReads);
        var result = !HasInputs(node, run.Spec) ? TaskRun.Failed("an input is not in the local store")
            : !corrupt ? _lab.Run(run.Spec, Blobs.Bytes)
            : node.BelievesCorruptReads ? _lab.RunOnOtherBytes(run.Spec, Blobs.Bytes)
            : TaskRun.Failed("an input's bytes are not those of its content id");
        var life = node.Life;
        node.BusyUntil = Math.Max(node.BusyUntil, Queue.Now) + (_random.Between(Faults.RunMsMin, Faults.RunMsMax) * node.Slowness);
        Queue.At(node.BusyUntil, () =>
        {
            if (!node.Alive || node.Life != life || !node.Running.Remove(run.Run))
                return;
            if (result.Outcome is TaskOutcome.Completed completed)
                for (var i = 0; i < result.Outputs.Count; i++)
                    Blobs.Put(node.Id, completed.Claim.Outputs[i], result.Outputs[i]);
            Step(node, new TaskEnded(run.Run, result.Outcome));
        });
    }

    private bool HasInputs(SimNode node, TaskSpec spec) => spec.Inputs.All(i => Blobs.Holds(node.Id, i));
}
