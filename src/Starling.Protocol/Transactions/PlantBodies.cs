using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Transactions;

/// <summary>Adds micro-credits to the pool that pays for planted errors (protocol.md, 9).</summary>
public sealed record FundSentinels(ulong Micro) : TransactionBody<FundSentinels>, IRecord<FundSentinels>
{
    public static RecordType Type => RecordType.FundSentinels;

    public static FundSentinels Read(FieldReader f) => new(f.Unsigned(1));

    public void Write(FieldWriter f) => f.Unsigned(1, Micro);
}

/// <summary>
/// The sentinels that genesis names fix, before a task is given to anyone, that its result will be wrong on purpose:
/// <see cref="Derived.PlantCommitment"/> of the task and a salt.
/// </summary>
public sealed record PlantError(Hash256 Commitment) : TransactionBody<PlantError>, IRecord<PlantError>
{
    public static RecordType Type => RecordType.PlantError;

    public static PlantError Read(FieldReader f) => new(f.Hash(1));

    public void Write(FieldWriter f) => f.Hash(1, Commitment);
}

/// <summary>
/// Shows a planted error once its auditors have shown their verdicts: whoever found it shares the jackpot, whoever
/// confirmed it looked at nothing.
/// </summary>
public sealed record RevealPlant(TaskId Task, int Attempt, Hash256 Salt) : TransactionBody<RevealPlant>, IRecord<RevealPlant>
{
    public static RecordType Type => RecordType.RevealPlant;

    public static RevealPlant Read(FieldReader f) => new(new TaskId(f.Hash(1)), f.Int32(2), f.Hash(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
        f.Hash(3, Salt);
    }
}
