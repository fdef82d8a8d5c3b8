using Starling.Host.Ports;
using Starling.Host.Storage.Postgres;
using Starling.Protocol;
using Starling.Tests.Node;
using Xunit;

namespace Starling.Tests.Host.Storage;

/// <summary>The log in PostgreSQL, against a real server of the tests' own.</summary>
public sealed class PostgresNodeStoreTests(PostgresFixture fixture) : NodeStoreConformance, IClassFixture<PostgresFixture>
{
    private static readonly ChainId s_chain = new(Keys.Hash("chain"));

    /// <summary>A writer that nobody waits for, and that says by commits only that it is there.</summary>
    private static readonly WriterTerms s_terms = new(TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(20));

    private static readonly WriterTerms s_slow = s_terms with { Absent = TimeSpan.FromHours(1), Lease = TimeSpan.FromHours(1) };

    protected override INodeStore Open(string folder) => TryOpen(folder, s_slow)!;

    protected override INodeStore TakeOver(string folder)
    {
        INodeStore? store = null;
        Assert.True(SpinWait.SpinUntil(() => (store = TryOpen(folder, s_terms)) is not null, TimeSpan.FromSeconds(10)));
        return store!;
    }

    [Fact]
    public void NobodyElseWritesWhileAWriterIsThere()
    {
        using (var store = Open(Folder))
        {
            store.Log.Append(TestLog.Chain(1)[0]);
            Assert.Null(TryOpen(Folder, s_slow));
        }

        Open(Folder).Dispose();
    }

    [Fact]
    public async Task AWriterThatIsIdleIsToldThatAnotherTookOver()
    {
        var told = new TaskCompletionSource<StorageException>();
        var beating = s_slow with { Beat = TimeSpan.FromMilliseconds(20) };
        using var first = PostgresNodeStore.TryOpen(Address(Folder), s_chain, beating, TimeProvider.System, told.SetResult)!;
        using var second = TakeOver(Folder);
        Assert.Equal(StorageFault.Fenced, (await told.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Fault);
    }

    [Fact]
    public void RefusesTheLogOfAnotherNetwork()
    {
        Open(Folder).Dispose();
        var other = new ChainId(Keys.Hash("another chain"));
        var e = Assert.Throws<StorageException>(
            () => PostgresNodeStore.TryOpen(Address(Folder), other, s_terms, TimeProvider.System, _ => { }));
        Assert.Equal(StorageFault.OtherNetwork, e.Fault);
    }

    [Fact]
    public void RefusesANewerVersion()
    {
        Open(Folder).Dispose();
        fixture.Server.Execute($"UPDATE {Schema(Folder)}.writer SET version = 2");
        Assert.Equal(StorageFault.NewerVersion, Assert.Throws<StorageException>(() => Open(Folder)).Fault);
    }

    [Theory]
    [InlineData("DELETE FROM log WHERE height = 2", "batch 2 is missing")]
    [InlineData("UPDATE log SET bytes = '\\x00' WHERE height = 3", "batch 3")]
    [InlineData("UPDATE log SET bytes = (SELECT bytes FROM log WHERE height = 1) WHERE height = 3", "holds another height")]
    public void NamesADamagedBatch(string damage, string problem)
    {
        using var store = Open(Folder);
        store.Commit(Changes(TestLog.Chain(4)));
        fixture.Server.Execute($"SET search_path = {Schema(Folder)}; {damage}");
        var e = Assert.Throws<StorageException>(() => store.Load());
        Assert.Equal(StorageFault.Corrupt, e.Fault);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    /// <summary>The server says what it says when its disk is full; nothing of the commit is kept, and the store goes on.</summary>
    [Fact]
    public void AFullDiskKeepsNothingAndLeavesTheStoreUsable()
    {
        var chain = TestLog.Chain(2);
        using var store = Open(Folder);
        store.Log.Append(chain[0]);
        fixture.Server.Execute(
            $"CREATE FUNCTION {Schema(Folder)}.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + "RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$; "
            + $"CREATE TRIGGER full_disk BEFORE INSERT ON {Schema(Folder)}.records EXECUTE FUNCTION {Schema(Folder)}.full_disk()");
        var e = Assert.Throws<StorageException>(() => store.Commit(Changes([chain[1]], ("big", [1]))));
        Assert.Equal(StorageFault.DiskFull, e.Fault);
        Assert.Equal(1ul, store.Log.Height);
        fixture.Server.Execute($"DROP TRIGGER full_disk ON {Schema(Folder)}.records");
        store.Commit(Changes([chain[1]], ("big", [1])));
        Assert.Equal(2, store.Load().Log.Count);
    }

    [Theory]
    [InlineData("mysql://a@b/c", "is no address of a PostgreSQL database")]
    [InlineData("postgres://host/database", "must name a user")]
    [InlineData("postgres://user@host", "must name a user")]
    [InlineData("postgres://user@host/database?schema=Drop;", "has an option 'schema=Drop;'")]
    [InlineData("postgres://user@host/database?sslmode=maybe", "has an option 'sslmode=maybe'")]
    public void AnAddressSaysWhatIsWrongWithIt(string text, string expected)
    {
        Assert.Null(PostgresAddress.Parse(text, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAddressIsShownWithoutItsPassword() => Assert.Equal(
        "postgres://ann@db.example.org:5433/net (other)",
        PostgresAddress.Parse("postgres://ann:secret%40@db.example.org:5433/net?schema=other&sslmode=require", out _)!.Place);

    private static string Schema(string folder) => "t" + Path.GetFileName(folder).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private PostgresAddress Address(string folder) => PostgresAddress.Parse(fixture.Server.Address(Schema(folder)), out _)!;

    private PostgresNodeStore? TryOpen(string folder, WriterTerms terms) =>
        PostgresNodeStore.TryOpen(Address(folder), s_chain, terms, TimeProvider.System, _ => { });
}
