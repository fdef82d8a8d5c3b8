using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles.Serving;
using Starling.Protocol.Batches;

namespace Starling.Host.Driver;

/// <summary>Carries out the effects of a step: first what must be durable, then what others can see, each in order.</summary>
internal sealed class EffectRunner(
    string node, NodePorts ports, Mailbox mailbox, TimerSet timers, Questions questions, CancellationToken stop)
{
    public async Task Release(EffectList list)
    {
        if (Keep(list.Effects) is { } outcome)
            ReportAppends(outcome.Appends, outcome.Result);
        foreach (var effect in list.Effects)
            await Show(effect);
    }

    private (List<Batch> Appends, CommitResult Result)? Keep(IReadOnlyList<Effect> effects)
    {
        var changes = new StoreChanges();
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case PutBlob put:
                    ports.Blobs.Put(put.Bytes);
                    break;
                case AppendBatch append:
                    changes.Appends.Add(append.Batch);
                    break;
                case StartLog first:
                    changes.First = first.Batch;
                    break;
                case StoreBatch store:
                    changes.Batches.Add(store.Batch);
                    break;
                case StoreRecord record:
                    changes.Records[record.Key] = record.Value;
                    break;
            }
        }

        return changes.IsEmpty ? null : (changes.Appends, ports.Store.Commit(changes));
    }

    private void ReportAppends(List<Batch> appends, CommitResult result)
    {
        for (var i = 0; i < appends.Count; i++)
            mailbox.Complete(new BatchAppended(appends[i], result.Appends[i] == AppendResult.Accepted));
    }

    private async ValueTask Show(Effect effect)
    {
        switch (effect)
        {
            case Send send:
                await ports.Transport.Send(send.To, send.Message, stop);
                break;
            case Broadcast broadcast:
                foreach (var peer in ports.Transport.Peers)
                    await ports.Transport.Send(peer, broadcast.Message, stop);
                break;
            case SendStored stored:
                foreach (var batch in ports.Store.Log.Read(stored.FromHeight, stored.Max))
                    await ports.Transport.Send(stored.To, new AnnounceBatch(batch), stop);
                break;
            case Penalise penalise:
                ports.Transport.Penalise(penalise.Peer, penalise.Reason);
                break;
            case DropBlob drop:
                ports.Blobs.Remove(drop.Content, 0);
                break;
            case SetTimer timer:
                timers.Set(timer.Timer, timer.At);
                break;
            case RunTask run:
                ports.Tasks.Start(
                    run.Run, run.Spec, run.Purpose, outcome => mailbox.Complete(new TaskEnded(run.Run, outcome)));
                break;
            case PlayMove move:
                ports.Tasks.Play(
                    move, answer => mailbox.Complete(new MoveReady(move.Run, answer.Body, answer.Problem)));
                break;
            case CancelRun cancel:
                ports.Tasks.Cancel(cancel.Run);
                break;
            case ModelEffect model:
                ports.Models.Perform(model, mailbox.Complete);
                break;
            case FetchBlob fetch:
                Background(Fetch(fetch));
                break;
            case ReadBlob read:
                mailbox.Complete(new BlobRead(read.Tag, read.Content, ports.Blobs.Read(read.Content)));
                break;
            case Reply reply:
                questions.Answer(reply.Request, reply.Body, reply.Last);
                break;
            case Report report:
                ports.Report(new NodeReport(node, report.Event, report.Fields));
                break;
        }
    }

    private async Task Fetch(FetchBlob fetch)
    {
        var found = await ports.Exchange.Fetch(fetch.Content, fetch.Holders, stop);
        mailbox.Complete(new BlobFetched(fetch.Content, found));
    }

    // A failing store stops the node; a fetch that was stopped has nobody to tell.
    private void Background(Task task) => task.ContinueWith(
        failed => mailbox.Complete(new EffectFailed(failed.Exception!.InnerException!)),
        stop,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
