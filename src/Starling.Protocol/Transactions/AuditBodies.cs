using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Transactions;

/// <summary>What an auditor's recomputation of one attempt gave: the root of its own result claim.</summary>
public sealed record Verdict(TaskId Task, int Attempt, Hash256 Root) : IRecord<Verdict>
{
    public static RecordType Type => RecordType.Verdict;

    public static Verdict Read(FieldReader f) => new(new TaskId(f.Hash(1)), f.Int32(2), f.Hash(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
        f.Hash(3, Root);
    }
}

/// <summary>An auditor binds itself to its verdicts of an epoch before anyone shows theirs.</summary>
public sealed record CommitVerdicts(ulong Epoch, Hash256 Commitment)
    : TransactionBody<CommitVerdicts>, IRecord<CommitVerdicts>
{
    public static RecordType Type => RecordType.CommitVerdicts;

    public static CommitVerdicts Read(FieldReader f) => new(f.Unsigned(1), f.Hash(2));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Epoch);
        f.Hash(2, Commitment);
    }
}

/// <summary>Opens an auditor's verdicts with the epoch's seed, from which anyone sees what it was drawn to check.</summary>
public sealed record RevealVerdicts(ulong Epoch, Hash256 Seed, Hash256 Salt, Verdict[] Verdicts)
    : TransactionBody<RevealVerdicts>, IRecord<RevealVerdicts>
{
    public static RecordType Type => RecordType.RevealVerdicts;

    public static RevealVerdicts Read(FieldReader f) =>
        new(f.Unsigned(1), f.Hash(2), f.Hash(3), f.Records<Verdict>(4, Limits.Verdicts));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Epoch);
        f.Hash(2, Seed);
        f.Hash(3, Salt);
        f.Records(4, Verdicts);
    }
}

/// <summary>Anyone may challenge: first a commitment, so that nobody can copy the finding.</summary>
public sealed record CommitChallenge(Hash256 Commitment)
    : TransactionBody<CommitChallenge>, IRecord<CommitChallenge>
{
    public static RecordType Type => RecordType.CommitChallenge;

    public static CommitChallenge Read(FieldReader f) => new(f.Hash(1));

    public void Write(FieldWriter f) => f.Hash(1, Commitment);
}

/// <summary>Opens a challenge: the attempt it is about and the root that the challenger computed.</summary>
public sealed record RevealChallenge(Verdict Verdict, Hash256 Salt)
    : TransactionBody<RevealChallenge>, IRecord<RevealChallenge>
{
    public static RecordType Type => RecordType.RevealChallenge;

    public static RevealChallenge Read(FieldReader f) => new(f.Nested<Verdict>(1), f.Hash(2));

    public void Write(FieldWriter f)
    {
        f.Record(1, Verdict);
        f.Hash(2, Salt);
    }
}
