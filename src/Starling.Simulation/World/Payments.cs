using Starling.Ledger.State;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Checkers;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>
/// The load beside the jobs: users pay each other through the gateways, one payment after the other, and ask until each
/// is answered. Keeps books of its own, which the ledger's must equal in the end.
/// </summary>
public sealed class Payments
{
    public const ulong Start = 100_000_000;

    private const long AskAgainMs = 3_000;
    private const long ValidMs = 3_600_000;

    private readonly SimNetwork _world;
    private readonly ChainId _chain;
    private readonly bool _anew;
    private readonly User[] _users;

    /// <param name="network">Whose gateways take the payments.</param>
    /// <param name="users">Keys with <see cref="Start"/> micro-credits each.</param>
    /// <param name="scenario">How many payments, over how long.</param>
    /// <param name="anew">A planted bug: a client that is not answered signs the payment once more.</param>
    public Payments(SimulatedNetwork network, IReadOnlyList<ISigner> users, Scenario scenario, bool anew)
    {
        (_world, _chain, _anew) = (network.World, network.Genesis.ChainId(), anew);
        var random = new SimRandom(scenario.Seed).Fork(3);
        _users = [.. users.Select((key, i) => new User(key, network.Gateways[i % network.Gateways.Count], scenario.Payments))];
        foreach (var user in _users)
            _world.Queue.After(random.Between(1, scenario.SafetyMs / 2), () => Pay(user, random));
    }

    public bool IsDone => Array.TrueForAll(_users, static u => u.Left == 0);

    /// <exception cref="SimulationFailure">A payment was made twice, or not at all.</exception>
    public void Check(LedgerState state)
    {
        foreach (var user in _users)
            if (state.Accounts.Find(user.Key.Id)?.Credits.Micro is var held && held != user.Expected)
                throw new SimulationFailure(
                    $"user {user.Key.Id.Short} has {held} micro-credits, by its own books {user.Expected}");
    }

    private void Pay(User user, SimRandom random)
    {
        if (user.Left == 0)
            return;
        var to = _users[(Array.IndexOf(_users, user) + 1) % _users.Length];
        var amount = (ulong)random.Between(1_000, 100_000);
        var signed = Sign(user, to, amount);
        Ask(user, signed, $"pay/{user.Key.Id.Short}/{user.Left}", to, amount, random);
    }

    private void Ask(User user, SignedTransaction signed, string request, User to, ulong amount, SimRandom random)
    {
        if (_world.Replies.TryGetValue(request, out var answers)
            && answers.Exists(static a => a is TransactionStatus { State: TransactionState.Applied }))
        {
            user.Left--;
            user.Expected -= amount;
            to.Expected += amount;
            _world.Queue.After(random.Between(10, 2_000), () => Pay(user, random));
            return;
        }

        _world.Request(user.Gateway, request, new SubmitRaw(signed));
        _world.Queue.After(AskAgainMs, () => Ask(user, _anew ? Sign(user, to, amount) : signed, request, to, amount, random));
    }

    private SignedTransaction Sign(User user, User to, ulong amount)
    {
        var body = new Transfer(to.Key.Id, AssetKind.Credit, amount);
        var until = new Timestamp(_world.Queue.Now + ValidMs);
        return SignedTransaction.Sign(new Transaction(_chain, user.Key.Id, user.Nonce++, until, null, body), user.Key);
    }

    private sealed class User(ISigner key, NodeId gateway, int left)
    {
        public ISigner Key => key;

        public NodeId Gateway => gateway;

        public int Left { get; set; } = left;

        public ulong Nonce { get; set; }

        public UInt128 Expected { get; set; } = Start;
    }
}
