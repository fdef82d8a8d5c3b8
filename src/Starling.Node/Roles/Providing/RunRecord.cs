using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>A result this provider computed, kept until the attempt has ended: a restart neither runs it again nor loses it.</summary>
internal sealed record RunRecord(TaskId Task, int Attempt, ResultClaim Claim) : IRecord<RunRecord>
{
    public static RecordType Type => RecordType.RunRecord;

    public static RunRecord Read(FieldReader f) => new(
        new TaskId(f.Hash(1)), f.Int32(2), new ResultClaim(f.Hashes(3, Limits.Outputs), f.Hash(4), f.Int32(5))
        {
            Fault = f.Has(6) ? f.Int32(6, 1) : 0,
        });

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
        f.Hashes(3, Claim.Outputs);
        f.Hash(4, Claim.Trace);
        f.Integer(5, Claim.TraceLength);
        if (Claim.Fault > 0)
            f.Integer(6, Claim.Fault);
    }
}
