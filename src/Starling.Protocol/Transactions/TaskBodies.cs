using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// One task of a plan, given to one leased provider. <paramref name="Node"/> names its place in the plan, for example
/// <c>inner/3/1</c>; <paramref name="Spec"/> is the content id of the task specification (program, parameters, inputs);
/// <paramref name="Graph"/> commits to the operators of one step, so that a dispute can name one; a
/// <paramref name="Steering"/> result (one that others build on, like a merge, or the job's outcome) is recomputed by
/// every auditor before finality.
/// </summary>
public sealed record TaskIssue(
    string Node, TaskId[] Parents, Hash256 Spec, ulong Work, Hash256 Graph, bool Steering, NodeId Provider)
    : IRecord<TaskIssue>
{
    public static RecordType Type => RecordType.TaskIssue;

    /// <summary>The node of the plan that it does, alone or with others (<see cref="ReplicaName"/>).</summary>
    public string PlanNode => ReplicaName.NodeOf(Node);

    public static TaskIssue Read(FieldReader f) => new(
        f.Text(1, Limits.Name), Array.ConvertAll(f.Hashes(2, Limits.Parents), static h => new TaskId(h)), f.Hash(3),
        f.Unsigned(4), f.Hash(5), f.Boolean(6), new NodeId(f.Hash(7)));

    public void Write(FieldWriter f)
    {
        f.Text(1, Node);
        f.Hashes(2, Array.ConvertAll(Parents, static p => p.Hash));
        f.Hash(3, Spec);
        f.Unsigned(4, Work);
        f.Hash(5, Graph);
        f.Boolean(6, Steering);
        f.Hash(7, Provider.Key);
    }
}

/// <summary>The coordinator issues the next tasks of a job's plan.</summary>
public sealed record IssueTasks(JobId Job, TaskIssue[] Tasks) : TransactionBody<IssueTasks>, IRecord<IssueTasks>
{
    public static RecordType Type => RecordType.IssueTasks;

    public static IssueTasks Read(FieldReader f) =>
        new(new JobId(f.Hash(1)), f.Records<TaskIssue>(2, Limits.TasksPerIssue));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Job.Hash);
        f.Records(2, Tasks);
    }
}

/// <summary>Gives a task whose attempt was lost, retracted or convicted to another leased provider: same id, next attempt.</summary>
public sealed record ReissueTask(TaskId Task, NodeId Provider) : TransactionBody<ReissueTask>, IRecord<ReissueTask>
{
    public static RecordType Type => RecordType.ReissueTask;

    public static ReissueTask Read(FieldReader f) => new(new TaskId(f.Hash(1)), new NodeId(f.Hash(2)));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Hash(2, Provider.Key);
    }
}

/// <summary>
/// The providers that a job does without for now, by its coordinator's word: machines that it cannot reach. Replaces
/// the list named before. Their leases end, with what was not committed under them, and others are matched instead;
/// nobody loses stake or standing by it. Ascending by key, each once.
/// </summary>
public sealed record AvoidProviders(JobId Job, NodeId[] Providers) : TransactionBody<AvoidProviders>, IRecord<AvoidProviders>
{
    public static RecordType Type => RecordType.AvoidProviders;

    public static AvoidProviders Read(FieldReader f)
    {
        var body = new AvoidProviders(
            new JobId(f.Hash(1)), Array.ConvertAll(f.Hashes(2, Limits.Avoided), static h => new NodeId(h)));
        return body.IsAscending() ? body : throw new DecodeException("AvoidProviders.providers", "must ascend, each key once");
    }

    public void Write(FieldWriter f)
    {
        if (!IsAscending())
            throw new InvalidOperationException("providers must ascend, each once");
        f.Hash(1, Job.Hash);
        f.Hashes(2, Array.ConvertAll(Providers, static p => p.Key));
    }

    private bool IsAscending()
    {
        for (var i = 1; i < Providers.Length; i++)
            if (Providers[i - 1].CompareTo(Providers[i]) >= 0)
                return false;
        return true;
    }
}

/// <summary>
/// A worker binds itself to a result before anyone knows what will be checked (protocol.md, 1). Attempts count from 0.
/// </summary>
public sealed record CommitResult(TaskId Task, int Attempt, Hash256 Commitment)
    : TransactionBody<CommitResult>, IRecord<CommitResult>
{
    public static RecordType Type => RecordType.CommitResult;

    public static CommitResult Read(FieldReader f) => new(new TaskId(f.Hash(1)), f.Int32(2), f.Hash(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
        f.Hash(3, Commitment);
    }
}

/// <summary>Opens a commitment: the salt, the content ids of the outputs and the root of the trace of states.</summary>
public sealed record RevealResult(TaskId Task, int Attempt, Hash256 Salt, ResultClaim Claim)
    : TransactionBody<RevealResult>, IRecord<RevealResult>
{
    public static RecordType Type => RecordType.RevealResult;

    public static RevealResult Read(FieldReader f) => new(
        new TaskId(f.Hash(1)), f.Int32(2), f.Hash(3), new ResultClaim(f.Hashes(4, Limits.Outputs), f.Hash(5), f.Int32(6))
        {
            Fault = f.Has(7) ? f.Int32(7, 1) : 0,
        });

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
        f.Hash(3, Salt);
        f.Hashes(4, Claim.Outputs);
        f.Hash(5, Claim.Trace);
        f.Integer(6, Claim.TraceLength);
        if (Claim.Fault > 0)
            f.Integer(7, Claim.Fault);
    }
}

/// <summary>A worker takes a result back before the draw is known, for a tenth of the price (protocol.md, 3).</summary>
public sealed record RetractResult(TaskId Task, int Attempt) : TransactionBody<RetractResult>, IRecord<RetractResult>
{
    public static RecordType Type => RecordType.RetractResult;

    public static RetractResult Read(FieldReader f) => new(new TaskId(f.Hash(1)), f.Int32(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Task.Hash);
        f.Integer(2, Attempt);
    }
}
