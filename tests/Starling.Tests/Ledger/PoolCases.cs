using Starling.Ledger.Applying;
using Starling.Protocol.Transactions;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Small balances and delegated stake.</summary>
internal static class PoolCases
{
    private static readonly TestKey s_pool = Providers[0];

    public static Dictionary<FailureCode, Func<FailureCode>> All { get; } = new()
    {
        [FailureCode.BelowMinimum] = () =>
            new TestNetwork().Refused(Owner, new Transfer(new TestKey("nobody").Id, AssetKind.Credit, 999)),
        [FailureCode.UnknownPool] = () => new TestNetwork().Refused(Owner, new DelegateStake(s_pool.Id, Unit)),
        [FailureCode.PoolFull] = () =>
        {
            var net = new TestNetwork(TestNetwork.Quick with { PoolLimitPpm = 1_000 });
            net.Do(s_pool, new SetPool(0));
            return net.Refused(Owner, new DelegateStake(s_pool.Id, Unit + 1));
        },
        [FailureCode.PoolDead] = () =>
        {
            // A conviction that takes all of what was delegated leaves shares that are worth nothing.
            var net = PoolTests.Convicted(TestNetwork.Quick with { PoolSlashPpm = 1_000_000, JailMs = 1 }, s_pool);
            net.Pass(1_000);
            return net.Refused(Owner, new DelegateStake(s_pool.Id, Unit));
        },
        [FailureCode.SharesShort] = () =>
        {
            var net = new TestNetwork();
            net.Do(s_pool, new SetPool(0));
            net.Do(Owner, new DelegateStake(s_pool.Id, Unit));
            return net.Refused(Owner, new UndelegateStake(s_pool.Id, Unit + 1));
        },
        [FailureCode.CommissionRise] = () =>
        {
            var net = new TestNetwork();
            net.Do(s_pool, new SetPool(50_000));
            net.Pass((24 * 3_600_000) - 1);
            return net.Refused(s_pool, new SetPool(50_001));
        },
    };
}
