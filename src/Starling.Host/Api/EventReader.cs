using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Starling.Host.Ports;
using Starling.Ledger.Checking;
using Starling.Ledger.Events;

namespace Starling.Host.Api;

/// <summary>Follows a log from its beginning, and tells the events after one that its reader has seen.</summary>
internal sealed class EventReader(LedgerReplay replay, IOrderedLog log, Action close) : IDisposable
{
    /// <summary>The events after one, oldest first, then as they happen: each a row of <see cref="History"/>.</summary>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public async IAsyncEnumerable<SseItem<string>> After(EventId after, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            foreach (var (batch, result) in replay.Advance())
            {
                cancel.ThrowIfCancellationRequested();
                foreach (var happened in result.Events.Where(e => e.Id.CompareTo(after) > 0))
                    yield return new SseItem<string>(History.Line(batch, happened), happened.GetType().Name)
                    {
                        EventId = happened.Id.ToString(),
                    };
            }

            await log.WaitBeyond(replay.State.Height, cancel);
        }
    }

    public void Dispose() => close();
}
