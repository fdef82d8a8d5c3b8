using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Outbox;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;
using Starling.Simulation.World;

namespace Starling.Simulation.Planted;

/// <summary>How a bug gets into a network: the role of a node by name, and the scenario it shows in.</summary>
internal sealed record Bug(
    Func<SimulatedNetwork, string, IRole, IRole> Wrap, Func<Scenario, Scenario>? Alter = null);

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
