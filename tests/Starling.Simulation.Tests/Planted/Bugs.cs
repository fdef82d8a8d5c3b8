using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Outbox;
using Starling.Node.Roles.Auditing;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;
using Starling.Simulation.World;

namespace Starling.Simulation.Planted;

/// <summary>How a bug gets into a network, and the scenario it shows in.</summary>
internal sealed record Bug(Seams Seams, Func<Scenario, Scenario>? Alter = null)
{
    public Bug(Func<SimulatedNetwork, string, IRole, IRole> wrap, Func<Scenario, Scenario>? alter = null)
        : this(new Seams { Wrap = wrap }, alter)
    {
    }
}

/// <summary>Bugs that the simulator must find, by name.</summary>
internal static class Bugs
{
    public static SortedDictionary<string, Bug> All { get; } = new(StringComparer.Ordinal)
    {
        ["a follower does not look for gaps"] = In("auditor-0", static role => new StoresWhatComes(role)),
        ["a follower never asks for what it missed"] = In(
            "provider-0", static role => PlantedBug.Mute(role, e => e is Send { Message: RequestBatches })),
        ["lost transactions are not sent again"] = new(
            static (_, _, role) => PlantedBug.Deaf(role, i => i is TimerFired { Timer: TransactionOutbox.Timer }),
            static s => s with { Providers = [[]], Faults = Faults.None with { Loss = 0.3 } }),
        ["lost tasks are not given to others"] = new(
            static (_, name, role) => name == "gateway" ? PlantedBug.Mute(role, IsReissue) : role,
            static s => s with { Providers = [[], ["crash"]] }),
        ["an auditor computes something else"] = In("auditor-0", static role => PlantedBug.Mishears(role, Misjudge)),
        ["nobody audits a liar"] = new(
            static (_, _, role) => role,
            static s => s with { Providers = [[], ["wrong-result"]], Verification = Verification.None }),
        ["the sequencer forgets its last batch at a crash"] = In(
            "sequencer", static role => PlantedBug.Mishears(role, ForgetLast)),
        ["the sequencer shows two batches at one height"] = new(
            static (network, name, role) => name == "sequencer" ? new Equivocator(role, network) : role),
        ["the sequencer's clock runs away"] = In("sequencer", static role => new FastClock(role)),
        ["the sequencer passes over one sender"] = new(
            static (network, name, role) => name == "sequencer"
                ? PlantedBug.Deaf(role, i => i is MessageReceived { Message: SubmitTransaction } m && m.From == network.Providers[0])
                : role,
            static s => s with { Providers = [[]] }),
        ["a torn write is read as if it were whole"] = new(
            new Seams { Prepare = static n => { foreach (var node in n.World.Nodes) node.Store.BelievesTornWrites = true; } },
            static s => s with { Faults = s.Faults with { CrashPerStep = 0.005, TornWrites = 1 } }),
        ["what was read is not held against its content id"] = new(
            new Seams { Prepare = static n => { foreach (var id in n.Providers) n.World[id].BelievesCorruptReads = true; } },
            static s => s with { Verification = Verification.Full, Faults = s.Faults with { CorruptReads = 0.1 } }),
        ["timers that fire during a partition are lost"] = new(
            static (network, name, role) => name == "gateway"
                ? PlantedBug.Deaf(role, i => i is TimerFired && network.World.IsCutOff(network.Gateways[0]))
                : role,
            static s => s with { Faults = s.Faults with { PartitionEvery = 2_000, PartitionMax = 6_000 } }),
        ["a payment that nobody answers is signed once more"] = new(
            new Seams { PaysAnew = true },
            static s => s with { Users = 2, Payments = 4, Faults = s.Faults with { Loss = 0.2 } }),
        ["an auditor comes back with another secret"] = new(
            static (network, name, role) => name == "auditor-0" && network.World[network.Auditors[0]].Crashes > 0
                ? new Auditor(network.Settings(name) with { Secret = Blake3.Hash("another"u8) }, SimulatedNetwork.AuditorSettings)
                : role,
            static s => s with { Auditors = [[]], Verification = Verification.Full, Faults = s.Faults with { CrashPerStep = 0.01 } }),
        ["a snapshot skips a record"] = new(new Seams { Snapshot = SkippedRecord.Last }),
    };

    private static Bug In(string node, Func<IRole, IRole> wrap) => new((_, name, role) => name == node ? wrap(role) : role);

    private static bool IsReissue(Effect effect) =>
        effect is Send { Message: SubmitTransaction { Transaction.Transaction.Body: ReissueTask } };

    private static Input Misjudge(Input input) =>
        input is TaskEnded { Outcome: TaskOutcome.Completed completed } ended
            ? ended with { Outcome = new TaskOutcome.Completed(completed.Claim with { Trace = Blake3.Hash("wrong"u8), TraceLength = 1 }) }
            : input;

    private static Input ForgetLast(Input input) =>
        input is Started { Log.Count: > 0 } started ? started with { Log = [.. started.Log.SkipLast(1)] } : input;
}
