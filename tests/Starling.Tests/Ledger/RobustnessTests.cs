using CsCheck;
using Starling.Ledger.Applying;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>
/// Bodies of every kind with arbitrary contents, aimed at what is really there, and time that leaps: whatever decodes may
/// stand in a batch, so none of it may stop a replica. The books agree all the while. CsCheck prints the seed of a
/// failure.
/// </summary>
public class RobustnessTests
{
    private const int PerBatch = 20;
    private const int Batches = 60;

    private static readonly byte[][] s_bodies = [.. RecordSamples.All.Where(s => typeof(TransactionBody).IsAssignableFrom(s.Type)).Select(s => s.Bytes)];

    private static readonly TestKey[] s_keys = [.. Providers, .. Auditors, Owner, Gateway, Minter, Sentinel, RulesKey, Producer];

    [Fact]
    public void No_body_that_decodes_stops_a_replica()
    {
        var (gate, reached, codes) = (new Lock(), new HashSet<Type>(), new HashSet<FailureCode>());
        Gen.ULong.Sample(
            seed =>
            {
                var random = new Random((int)(seed ^ (seed >> 32)));
                var world = new DirectWorld(new TestNetwork(seed % 2 == 0 ? Wild : Wild with { StakeRequired = false }).Genesis);
                Begin(world);
                for (var i = 0; i < Batches; i++)
                {
                    world.Now = world.Now.After(random.Next(5) == 0 ? random.NextInt64(200_000) : random.Next(500));
                    var signed = new List<SignedTransaction>();
                    for (var k = 0; k < PerBatch; k++)
                    {
                        if (Draw(world, random) is { } body)
                            signed.Add(world.Sign(s_keys[random.Next(s_keys.Length)], body));
                    }

                    var outcomes = world.Apply([.. signed]);
                    lock (gate)
                    {
                        for (var k = 0; k < outcomes.Count; k++)
                        {
                            codes.Add(outcomes[k].Code);
                            if (outcomes[k].Charged)
                                reached.Add(signed[k].Transaction.Body.GetType());
                        }
                    }
                }

                world.CheckAll();
            },
            iter: 40);
        Assert.Equal(s_bodies.Length, reached.Count);
        Assert.True(codes.Count >= 40, $"only {codes.Count} kinds of outcome were reached");
    }

    private static Rules Wild { get; } = TestNetwork.Quick with
    {
        RuleNotice = 1,
        RetainMs = 50_000,
        UnbondingMs = 20_000,
        PlantMs = 50_000,
        FaultsToPause = 1,
        SteeringAuditors = 1,
    };

    private static void Begin(DirectWorld world)
    {
        foreach (var auditor in Auditors)
            world.Apply(world.Sign(auditor, new EnrolAuditor(TestRoles.Seeds(auditor)[0])));
        foreach (var provider in Providers)
            world.Apply(world.Sign(provider, new PostOffer("cpu", "eu", 4, 2_048, 100_000, world.Now.After(600_000)) { SecondPrice = 1 }));
        var order = new OpenJob(
            Content("job"), 1_000_000_000_000, 1_000_000, 100 * Unit, 4, "cpu", "", 512, world.Now.After(600_000),
            Verification.Spot, Gateway.Id);
        world.Apply(world.Sign(Owner, order));
        world.Apply();
        world.Apply();
        var job = world.State.Jobs.InOrder()[0].Id;
        world.Apply(world.Sign(Gateway, new IssueTasks(
            job, [.. world.State.LeasesOf(job).Select((l, i) => TestRoles.Task($"{i}", s_keys.First(k => k.Id == l.Provider)))])));
        world.Apply(world.Sign(Owner, new OpenChannel(Gateway.Id, Unit)));
        world.Apply(world.Sign(Owner, new FundRent(Unit)));
        foreach (var task in world.State.TasksOf(job).Take(2))
        {
            var worker = s_keys.First(k => k.Id == task.Current.Provider);
            var claim = TestRoles.Result(task.Id).Claim;
            var commitment = Derived.Commitment(world.State.Chain, task.Id, 0, worker.Id, TestRoles.Salt, claim.Root());
            world.Apply(
                world.Sign(worker, new CommitResult(task.Id, 0, commitment)),
                world.Sign(worker, new RevealResult(task.Id, 0, TestRoles.Salt, claim)));
        }
    }

    /// <summary>A sample with its names replaced by those of real records and a few bytes by others; null when that decodes to nothing.</summary>
    private static TransactionBody? Draw(DirectWorld world, Random random)
    {
        var bytes = (byte[])s_bodies[random.Next(s_bodies.Length)].Clone();
        Replace(bytes, Content("sample"), () => Name(world, random));
        Replace(bytes, Owner.Id.Key, () => s_keys[random.Next(s_keys.Length)].Id.Key);
        for (var i = random.Next(4); i > 0; i--)
            bytes[random.Next(4, Math.Max(5, bytes.Length))] = (byte)random.Next(256);
        try
        {
            return TransactionBody.Decode(bytes);
        }
        catch (DecodeException)
        {
            return null;
        }
    }

    private static void Replace(byte[] bytes, Hash256 old, Func<Hash256> by)
    {
        var pattern = old.ToArray();
        for (var at = bytes.AsSpan().IndexOf(pattern); at >= 0; at = bytes.AsSpan().IndexOf(pattern))
        {
            var next = by();
            if (next == old)
                return;
            next.ToArray().CopyTo(bytes, at);
        }
    }

    private static Hash256 Name(DirectWorld world, Random random)
    {
        var state = world.State;
        Hash256[] names = random.Next(8) switch
        {
            0 => [.. state.Jobs.InOrder().Select(j => j.Id.Hash)],
            1 => [.. state.Offers.InOrder().Select(o => o.Id.Hash)],
            2 => [.. state.Channels.InOrder().Select(c => c.Id.Hash)],
            3 => [.. state.MachineLeases.InOrder().Select(l => l.Id.Hash), .. state.Auctions.InOrder().Select(a => a.Id.Hash)],
            4 => [.. state.Disputes.InOrder().Select(d => d.Id.Hash), .. state.ChunkRequests.InOrder().Select(r => r.Id)],
            _ => [.. state.Tasks.InOrder().Select(t => t.Id.Hash)],
        };
        return names.Length == 0 ? Content("nothing") : names[random.Next(names.Length)];
    }
}
