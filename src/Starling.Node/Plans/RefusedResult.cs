using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Plans;

/// <summary>
/// The claim that a task cannot be run as specified. A refusal is the same on every machine, so it is a result like any
/// other: committed, audited and paid. Otherwise a worker would lose stake for what its task was built on.
/// </summary>
internal static class RefusedResult
{
    public static ResultClaim Claim { get; } = new([], Hash256.Zero, 0);
}
