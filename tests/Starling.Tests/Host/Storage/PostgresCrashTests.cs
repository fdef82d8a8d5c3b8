using Starling.Host.Operations;
using Starling.Host.Ports;
using Starling.Host.Processes;
using Starling.Host.Storage.Postgres;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Tests.Node;
using Xunit;

namespace Starling.Tests.Host.Storage;

/// <summary>A database server that is killed while a sequencer writes.</summary>
public sealed class PostgresCrashTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly ChainId s_chain = new(Keys.Hash("chain"));

    /// <summary>What was acknowledged is there, once; what was under way when the server died is repeated, not doubled.</summary>
    [Fact]
    public async Task AKilledServerLosesNothingAndTheWriterGoesOn()
    {
        var server = fixture.Server;
        var chain = TestLog.Chain(400);
        using var store = Open("killed", TimeSpan.FromSeconds(60))!;
        var appended = 0;
        var writing = Task.Run(
            () =>
            {
                foreach (var batch in chain)
                {
                    Assert.Equal(AppendResult.Accepted, store.Append(batch));
                    Volatile.Write(ref appended, (int)batch.Header.Header.Height);
                }
            },
            TestContext.Current.CancellationToken);
        foreach (var at in (int[])[100, 250])
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref appended) >= at || writing.IsFaulted);
            server.Kill();
            server.Go();
        }

        await writing;
        Assert.Equal(chain.Select(b => b.Header.Hash), store.Load().Log.Select(b => b.Header.Hash));
    }

    [Fact]
    public void AServerThatStaysAwayIsATypedError()
    {
        var server = fixture.Server;
        using var store = Open("away", TimeSpan.FromMilliseconds(200))!;
        var chain = TestLog.Chain(2);
        store.Append(chain[0]);
        server.Kill();
        var e = Assert.Throws<StorageException>(() => store.Append(chain[1]));
        Assert.Equal(StorageFault.Unavailable, e.Fault);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        server.Go();
        Assert.Equal(AppendResult.Accepted, store.Append(chain[1]));
        Assert.Equal([1ul, 2ul], store.Read(1, 10).Select((Batch b) => b.Header.Header.Height));
    }

    [Fact]
    public void AnExaminationSaysWhetherTheDatabaseIsThere()
    {
        using var home = new TemporaryFolder();
        Open("looked_at", TimeSpan.FromSeconds(1))!.Dispose();
        var checks = new HomeChecks(
            home.Path, new NodeConfig(NodeRole.Sequencer) { Log = PostgresAddress.Parse(fixture.Server.Address("looked_at"), out _) }, []);
        Assert.Equal(FindingState.Warning, checks.Run().Single(f => f.Check == "log").State);
        fixture.Server.Execute("DROP SCHEMA looked_at CASCADE");
        Assert.Equal(FindingState.Bad, checks.Run().Single(f => f.Check == "log").State);
    }

    private PostgresNodeStore? Open(string schema, TimeSpan patience) => PostgresNodeStore.TryOpen(
        PostgresAddress.Parse(fixture.Server.Address(schema), out _)!, s_chain, WriterTerms.Usual with { Patience = patience },
        TimeProvider.System, _ => { });
}
