using System.Net.ServerSentEvents;
using System.Text.Json;
using Starling.Host.Api;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Starling.Tests.Ledger;
using Xunit;

namespace Starling.Tests.Host.Api;

public sealed class EventReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestNetwork _network = new();
    private readonly SqliteNodeStore _store;

    public EventReaderTests() => _store = SqliteNodeStore.Open(_folder["node.db"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AReaderGoesOnAfterAnyEventAndThenWithWhatIsNew()
    {
        CloseAccountOf(TestNetwork.Auditors[0]);
        CloseAccountOf(TestNetwork.Auditors[1]);
        var before = _network.Events.Select(static e => e.Id).ToArray();
        Assert.True(before.Length >= 2, "closing accounts is told");

        await using var reader = Read(before[0]);
        foreach (var expected in before[1..])
            await Shows(reader, expected);
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted, "nothing more to tell yet");
        CloseAccountOf(TestNetwork.Sponsor);
        Assert.True(await next);
        Assert.Equal(_network.Events[before.Length].Id.ToString(), reader.Current.EventId);
    }

    /// <summary>Whoever wants late events only need not wait for a replay of the whole log.</summary>
    [Fact]
    public async Task AReaderOfLateEventsStartsFromASnapshotAndTellsTheSame()
    {
        var blobs = new DiskBlobStore(_folder["blobs"], 1 << 20, _ => { });
        foreach (var key in (TestKey[])[TestNetwork.Auditors[0], TestNetwork.Auditors[1]])
            CloseAccountOf(key);
        var (snapshot, height) = (RecordCodec.Encode(Snapshot.Of(_network.State)), _network.State.Height);
        var (last, after) = (RecordCodec.Decode<Batch>(_network.Log[^1]), _network.Events[^1].Id);
        CloseAccountOf(TestNetwork.Sponsor);
        var next = RecordCodec.Decode<Batch>(_network.Log[(int)height]).Header;
        var changes = new StoreChanges { Records = { ["snapshot"] = RecordCodec.Encode(new SnapshotOffer(blobs.Put(snapshot), last, next)) } };
        _store.Commit(changes);
        Assert.Equal(height, SnapshotStart.Find(_store.Records(), blobs, _network.Genesis)!.State.Height);
        Assert.Null(SnapshotStart.Find(_store.Records(), blobs, _network.Genesis, height - 1));

        foreach (var from in (EventId[])[after, new EventId(after.Height + 1, 0), default])
        {
            var replay = LedgerReplay.Start(_network.Genesis, _store, blobs, null, TestKey.Scheme, EventDesk.LastBefore(from));
            using var reader = new EventReader(replay, _store, static () => { });
            await using var events = reader.After(from, Cancel).GetAsyncEnumerator(Cancel);
            foreach (var expected in _network.Events.Select(e => e.Id).Where(id => id.CompareTo(from) > 0))
                await Shows(events, expected);
        }
    }

    [Theory]
    [InlineData("12.3", true)]
    [InlineData("0.0", true)]
    [InlineData("", false)]
    [InlineData("12", false)]
    [InlineData("1.2.3", false)]
    [InlineData("-1.0", false)]
    [InlineData(" 1.0", false)]
    [InlineData("1.99999999999", false)]
    public void AnEventIsNamedInOneWay(string text, bool isOne)
    {
        Assert.Equal(isOne, EventId.TryParse(text, out var id));
        Assert.Equal(isOne ? text : null, id?.ToString());
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static async Task Shows(IAsyncEnumerator<SseItem<string>> reader, EventId expected)
    {
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(expected.ToString(), reader.Current.EventId);
        using var row = JsonDocument.Parse(reader.Current.Data);
        Assert.Equal(expected.ToString(), row.RootElement.GetProperty("id").GetString());
        Assert.Equal(reader.Current.EventType, row.RootElement.GetProperty("name").GetString());
    }

    private IAsyncEnumerator<SseItem<string>> Read(EventId after) =>
        new EventReader(new LedgerReplay(_network.Genesis, _store, null, TestKey.Scheme), _store, static () => { })
            .After(after, Cancel).GetAsyncEnumerator(Cancel);

    private void CloseAccountOf(TestKey key)
    {
        _network.Do(key, new CloseAccount(TestNetwork.Owner.Id));
        foreach (var bytes in _network.Log.Skip((int)_store.Height))
            _store.Append(RecordCodec.Decode<Batch>(bytes));
    }
}
