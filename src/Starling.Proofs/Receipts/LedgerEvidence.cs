using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Proofs.Receipts;

/// <summary>What the ledger says in a receipt, checked from the genesis record down to each task.</summary>
internal sealed record LedgerEvidence(GenesisRecord Genesis, JobRecord Job, IReadOnlyList<TaskRecord> Tasks)
{
    /// <summary>The other tasks of quorums.</summary>
    public IReadOnlyList<TaskRecord> Replicas { get; private init; } = [];

    /// <summary>The records, or null once a check failed that the others hang on.</summary>
    public static LedgerEvidence? Read(Receipt receipt, ChainId? expected, ISignatureScheme scheme, CheckList checks)
    {
        if (ReadGenesis(receipt, expected, checks) is not { } genesis)
            return null;
        if (!checks.Settle(
            CheckKind.Header, HeaderProblem(receipt.Header, genesis, receipt.Genesis, scheme),
            $"batch {receipt.Header.Header.Height}, signed by the producer {genesis.Producer.Short} that genesis names"))
            return null;
        var root = receipt.Header.Header.State;
        if (ReadJob(receipt, root, checks) is not { } job
            || ReadTasks(receipt, receipt.Tasks, root, checks) is not { } tasks)
            return null;
        if (receipt.Replicas.Length == 0)
            return new LedgerEvidence(genesis, job, tasks);
        return ReadTasks(receipt, receipt.Replicas, root, checks) is { } replicas
            ? new LedgerEvidence(genesis, job, tasks) { Replicas = replicas }
            : null;
    }

    private static GenesisRecord? ReadGenesis(Receipt receipt, ChainId? expected, CheckList checks)
    {
        var chain = ChainOf(receipt.Genesis);
        if (expected is { } wanted && wanted != chain)
        {
            checks.Fails(CheckKind.Genesis, $"the receipt is of the network {chain}, not of {wanted}");
            return null;
        }

        if (TryDecode<GenesisRecord>(receipt.Genesis, out var genesis) is { } problem)
        {
            checks.Fails(CheckKind.Genesis, $"the genesis record is malformed: {problem}");
            return null;
        }

        checks.Holds(CheckKind.Genesis, expected is null
            ? $"network '{genesis!.Name}' {chain}; no genesis hash was given to compare with"
            : $"network '{genesis!.Name}' {chain}, as expected");
        return genesis;
    }

    private static string? HeaderProblem(
        SignedHeader header, GenesisRecord genesis, byte[] genesisBytes, ISignatureScheme scheme)
    {
        if (header.Header.Chain != ChainOf(genesisBytes))
            return "the header is of another network than the genesis record";
        if (header.Header.Producer != genesis.Producer)
            return "the header was not made by the producer that genesis names";
        return header.Verify(scheme) ? null : "the header's signature does not hold";
    }

    private static JobRecord? ReadJob(Receipt receipt, Hash256 root, CheckList checks)
    {
        if (!StateProof.Verify(root, StateKey.Job(receipt.Job), receipt.JobRecord.Value, receipt.JobRecord.Proof))
        {
            checks.Fails(CheckKind.Job, "the job's record does not stand under the header's state root");
            return null;
        }

        var problem = TryDecode<JobRecord>(receipt.JobRecord.Value, out var job) ?? JobProblem(receipt, job!);
        return checks.Settle(CheckKind.Job, problem, $"job {receipt.Job.Short} is closed, and this is its specification") ? job : null;
    }

    private static string? JobProblem(Receipt receipt, JobRecord job)
    {
        if (job.Id != receipt.Job)
            return "the job's record names another job";
        if (job.Order.Spec != Blake3.Hash(receipt.Spec))
            return "the specification is not the one that the job was opened with";
        if (job.Status != JobStatus.Closed)
            return $"the job has not ended: {job.Status}";
        return receipt.Model is null || job is { Reason: CloseReason.Completed, Result: not null }
            ? null
            : $"the receipt has a model, the job is not completed: {job.Reason}";
    }

    private static List<TaskRecord>? ReadTasks(
        Receipt receipt, ProvenRecord[] proven, Hash256 root, CheckList checks)
    {
        var tasks = new List<TaskRecord>(proven.Length);
        string? problem = null;
        for (var i = 0; i < proven.Length && problem is null; i++)
        {
            problem = TryDecode<TaskRecord>(proven[i].Value, out var task)
                ?? TaskProblem(task!, proven[i], receipt.Job, root);
            if (problem is null)
                tasks.Add(task!);
            else
                problem = $"task {i}: {problem}";
        }

        return checks.Settle(CheckKind.Inclusion, problem, $"{tasks.Count} tasks stand under the state root") ? tasks : null;
    }

    private static string? TaskProblem(TaskRecord task, ProvenRecord proven, JobId job, Hash256 root)
    {
        if (!StateProof.Verify(root, StateKey.Task(task.Id), proven.Value, proven.Proof))
            return "its record does not stand under the header's state root";
        return task.Job == job ? null : "it belongs to another job";
    }

    private static ChainId ChainOf(byte[] genesis) => new(Blake3.Hash("genesis", genesis));

    private static string? TryDecode<T>(byte[] bytes, out T? record)
        where T : class, IRecord<T>
    {
        record = null;
        try
        {
            record = RecordCodec.Decode<T>(bytes);
            return null;
        }
        catch (DecodeException e)
        {
            return e.Message;
        }
    }
}
