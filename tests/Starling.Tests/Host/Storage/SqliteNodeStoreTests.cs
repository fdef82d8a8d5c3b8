using Microsoft.Data.Sqlite;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Xunit;

namespace Starling.Tests.Host.Storage;

public sealed class SqliteNodeStoreTests : NodeStoreConformance
{
    private string File => Path.Combine(Folder, "node.db");

    protected override INodeStore Open(string folder) => SqliteNodeStore.Open(Path.Combine(folder, "node.db"));

    protected override INodeStore TakeOver(string folder) => Open(folder);

    /// <summary>A machine that lost its power while SQLite wrote: the file as it was, and any part of what was on the way.</summary>
    [Fact]
    public void AnyPartOfAWriteIsTheStateBeforeOrAfterIt()
    {
        var chain = TestLog.Chain(3);
        long before;
        using (var store = Open(Folder))
        {
            store.Commit(Changes(chain[..1], ("a", [1])));
            before = new FileInfo(File + "-wal").Length;
            store.Commit(Changes(chain[1..], ("a", new byte[20_000])));
            Directory.CreateDirectory(Path.Combine(Folder, "image"));
            foreach (var part in (string[])["", "-wal"])
                System.IO.File.Copy(File + part, Path.Combine(Folder, "image", "node.db" + part));
        }

        var wal = System.IO.File.ReadAllBytes(Path.Combine(Folder, "image", "node.db-wal"));
        var heights = new SortedSet<ulong>();
        for (var length = before; length <= wal.Length; length += 1_237)
        {
            var torn = Directory.CreateDirectory(Path.Combine(Folder, $"torn-{length}")).FullName;
            System.IO.File.Copy(Path.Combine(Folder, "image", "node.db"), Path.Combine(torn, "node.db"));
            System.IO.File.WriteAllBytes(Path.Combine(torn, "node.db-wal"), wal[..(int)length]);
            using var store = Open(torn);
            var stored = store.Load();
            Assert.Equal(stored.Log.Count == 1 ? 1 : 20_000, stored.Records["a"].Length);
            heights.Add(store.Log.Height);
        }

        using (var whole = Open(Path.Combine(Folder, "image")))
            heights.Add(whole.Log.Height);
        Assert.Equal([1ul, 3ul], heights);
    }

    [Fact]
    public void RefusesANewerVersionAndLeavesItAlone()
    {
        Open(Folder).Dispose();
        Execute("PRAGMA user_version=2");
        var before = System.IO.File.ReadAllBytes(File);
        var e = Assert.Throws<StorageException>(() => Open(Folder));
        Assert.Equal(StorageFault.NewerVersion, e.Fault);
        Assert.Contains(File, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void RefusesAnotherProgramsDatabase()
    {
        Execute("CREATE TABLE other (x); PRAGMA user_version=1");
        Assert.Equal(StorageFault.Corrupt, Assert.Throws<StorageException>(() => Open(Folder)).Fault);
    }

    [Fact]
    public void RefusesAFileThatIsNoDatabase()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));
        Assert.Equal(StorageFault.Corrupt, Assert.Throws<StorageException>(() => Open(Folder)).Fault);
    }

    [Theory]
    [InlineData("DELETE FROM log WHERE height = 2", "batch 2 is missing")]
    [InlineData("UPDATE log SET bytes = x'00' WHERE height = 3", "batch 3")]
    [InlineData("UPDATE log SET bytes = (SELECT bytes FROM log WHERE height = 1) WHERE height = 3", "holds another height")]
    public void NamesADamagedBatch(string damage, string problem)
    {
        using (var store = Open(Folder))
            store.Commit(Changes(TestLog.Chain(4)));
        Execute(damage);
        using var again = Open(Folder);
        var e = Assert.Throws<StorageException>(() => again.Load());
        Assert.Equal(StorageFault.Corrupt, e.Fault);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFullDiskKeepsNothingAndLeavesTheStoreUsable()
    {
        var chain = TestLog.Chain(2);
        using var store = (SqliteNodeStore)Open(Folder);
        store.Append(chain[0]);
        store.LimitPages(20);
        var e = Assert.Throws<StorageException>(() => store.Commit(Changes([chain[1]], ("big", new byte[1 << 20]))));
        Assert.Equal(StorageFault.DiskFull, e.Fault);
        Assert.Equal(1ul, store.Height);
        store.LimitPages(1 << 20);
        store.Commit(Changes([chain[1]], ("big", new byte[1 << 20])));
        Assert.Equal(2, store.Load().Log.Count);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
