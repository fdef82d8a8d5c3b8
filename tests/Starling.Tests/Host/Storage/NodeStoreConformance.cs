using Starling.Host.Ports;
using Starling.Protocol.Batches;
using Xunit;

namespace Starling.Tests.Host.Storage;

/// <summary>What every store and log engine must do. An engine's tests derive from this and only say how to open it.</summary>
public abstract class NodeStoreConformance : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected string Folder => _folder.Path;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract INodeStore Open(string folder);

    /// <summary>Opens the store as another process would that believes the first to be gone.</summary>
    protected abstract INodeStore TakeOver(string folder);

    [Fact]
    public void StartsEmpty()
    {
        using var store = Open(Folder);
        Assert.Equal(0ul, store.Log.Height);
        Assert.Empty(store.Load().Log);
        Assert.Empty(store.Load().Records);
    }

    [Fact]
    public void GivesBackWhatItKeptAfterReopening()
    {
        var chain = TestLog.Chain(5);
        using (var store = Open(Folder))
        {
            store.Commit(Changes(chain[..3], ("a", [1]), ("b", [2])));
            store.Commit(Changes(chain[3..], ("a", null), ("b", [3, 4])));
        }

        using var again = Open(Folder);
        var stored = again.Load();
        Assert.Equal(chain.Select(b => b.Header.Hash), stored.Log.Select(b => b.Header.Hash));
        Assert.Equal(["b"], stored.Records.Keys);
        Assert.Equal([3, 4], stored.Records["b"]);
    }

    [Fact]
    public void AppendsOnlyWhatComesNext()
    {
        var chain = TestLog.Chain(3);
        using var store = Open(Folder);
        Assert.Equal(AppendResult.Gap, store.Log.Append(chain[1]));
        Assert.Equal(AppendResult.Accepted, store.Log.Append(chain[0]));
        Assert.Equal(AppendResult.Accepted, store.Log.Append(chain[0]));
        Assert.Equal(AppendResult.HeightTaken, store.Log.Append(TestLog.Batch(1, default, time: 7)));
        Assert.Equal(AppendResult.NotChained, store.Log.Append(TestLog.Batch(2, default)));
        Assert.Equal(AppendResult.Accepted, store.Log.Append(chain[1]));
        Assert.Equal(2ul, store.Log.Height);
    }

    [Fact]
    public void KeepsRecordsBesideARefusedAppend()
    {
        var chain = TestLog.Chain(2);
        using var store = Open(Folder);
        var changes = Changes([], ("a", [1]));
        changes.Appends.Add(chain[1]);
        Assert.Equal([AppendResult.Gap], store.Commit(changes).Appends);
        Assert.Equal(["a"], store.Load().Records.Keys);
        Assert.Equal(0ul, store.Log.Height);
    }

    [Fact]
    public void KeepsNothingOfAFailedCommit()
    {
        var chain = TestLog.Chain(3);
        using var store = Open(Folder);
        Assert.Throws<InvalidOperationException>(() => store.Commit(Changes([chain[0], chain[2]], ("a", [1]))));
        Assert.Empty(store.Load().Records);
        Assert.Equal(0ul, store.Log.Height);
        Assert.Equal(AppendResult.Accepted, store.Log.Append(chain[0]));
    }

    [Fact]
    public void ReadsARangeInOrder()
    {
        var chain = TestLog.Chain(6);
        using var store = Open(Folder);
        store.Commit(Changes(chain));
        Assert.Equal([3ul, 4ul], store.Log.Read(3, 2).Select(b => b.Header.Header.Height));
        Assert.Empty(store.Log.Read(7, 10));
    }

    [Fact]
    public async Task WaitsUntilTheLogGrows()
    {
        var chain = TestLog.Chain(2);
        using var store = Open(Folder);
        store.Log.Append(chain[0]);
        await store.Log.WaitBeyond(0, TestContext.Current.CancellationToken);
        var waiting = store.Log.WaitBeyond(1, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        store.Log.Append(chain[1]);
        await waiting;
    }

    [Fact]
    public void PromisesNothingAboutWhatItDoesNotHold()
    {
        using var store = Open(Folder);
        store.Log.Append(TestLog.Chain(1)[0]);
        Assert.NotEqual(LogFinality.Unknown, store.Log.FinalityOf(1));
        Assert.Equal(LogFinality.Unknown, store.Log.FinalityOf(2));
    }

    [Fact]
    public void AWriterThatWasReplacedNeverAppendsAgain()
    {
        var chain = TestLog.Chain(3);
        using var first = Open(Folder);
        first.Commit(Changes(chain[..1], ("a", [1])));
        using (var second = TakeOver(Folder))
        {
            Assert.Equal(1ul, second.Log.Height);
            Assert.Equal(AppendResult.Accepted, second.Log.Append(chain[1]));
            var other = TestLog.Batch(2, chain[0].Header.Hash, time: 7);
            foreach (var _ in (int[])[1, 2])
                Assert.Equal(StorageFault.Fenced, Assert.Throws<StorageException>(() => first.Log.Append(other)).Fault);
            Assert.Equal(StorageFault.Fenced, Assert.Throws<StorageException>(() => first.Commit(Changes([], ("a", [2])))).Fault);
            Assert.Equal(AppendResult.Accepted, second.Log.Append(chain[2]));
        }

        using var again = TakeOver(Folder);
        Assert.Equal(chain.Select(b => b.Header.Hash), again.Load().Log.Select(b => b.Header.Hash));
        Assert.Equal([1], again.Load().Records["a"]);
    }

    [Fact]
    public void ALogMayBeginBehindASnapshot()
    {
        var chain = TestLog.Chain(5);
        using (var store = Open(Folder))
        {
            var changes = Changes(chain[3..4], ("a", [1]));
            changes.First = chain[2];
            store.Commit(changes);
            Assert.Equal((3ul, 4ul), (store.Log.First, store.Log.Height));
            Assert.Equal(AppendResult.Accepted, store.Log.Append(chain[4]));
            var again = new StoreChanges { First = chain[2] };
            Assert.Throws<InvalidOperationException>(() => store.Commit(again));
        }

        using var reopened = Open(Folder);
        Assert.Equal([3ul, 4, 5], reopened.Log.Read(reopened.Log.First, 10).Select(b => b.Header.Header.Height));
        Assert.Equal(StorageFault.Corrupt, Assert.Throws<StorageException>(() => reopened.Log.Read(1, 10)).Fault);
    }

    [Fact]
    public void ALargeCommitIsKeptWhole()
    {
        var chain = TestLog.Chain(300);
        using (var store = Open(Folder))
            store.Commit(Changes(chain, [.. Enumerable.Range(0, 300).Select(i => ($"record/{i}", (byte[]?)new byte[i]))]));
        using var again = Open(Folder);
        Assert.Equal(300, again.Load().Log.Count);
        Assert.Equal(300, again.Load().Records.Count);
    }

    private protected static StoreChanges Changes(IEnumerable<Batch> batches, params (string Key, byte[]? Value)[] records)
    {
        var changes = new StoreChanges();
        changes.Batches.AddRange(batches);
        foreach (var (key, value) in records)
            changes.Records[key] = value;
        return changes;
    }
}
