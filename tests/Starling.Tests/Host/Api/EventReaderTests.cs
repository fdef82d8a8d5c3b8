using System.Net.ServerSentEvents;
using System.Text.Json;
using Starling.Host.Api;
using Starling.Host.Storage;
using Starling.Ledger.Events;
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
