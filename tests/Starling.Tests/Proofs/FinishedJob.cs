using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Ledger;
using Starling.Tests.Programs.Plans;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Proofs;

/// <summary>How a job of the tests ends.</summary>
internal enum Ending
{
    Completed,

    /// <summary>Its owner cancels it behind the first inner task.</summary>
    Cancelled,

    /// <summary>Its first inner task claims to have met numbers that are not finite.</summary>
    Faulted,
}

/// <summary>A whole job, really run, on a ledger in virtual time: what receipts are made from.</summary>
internal sealed class FinishedJob
{
    private const string Yaml = """
        version: 1
        train:
          model: {model_type: llama, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 1, max_position_embeddings: 16}
          dataset: text.txt
          max_steps: 2
          batch_size: 1
          max_length: 8
          test_size: 0.2
          workers: 1
          sync_every: 2
          commit_every: 1
          eval_steps: 2
          max_eval_samples: 2
        """;

    private static readonly Lazy<FinishedJob> s_tiny = new(() => new FinishedJob(Yaml, Ending.Completed));
    private static readonly Lazy<FinishedJob> s_cancelled = new(() => new FinishedJob(Yaml, Ending.Cancelled));
    private static readonly Lazy<FinishedJob> s_faulted = new(() => new FinishedJob(Yaml, Ending.Faulted));

    private static readonly Lazy<FinishedJob> s_continued = new(() => new FinishedJob(
        Yaml.Replace("  dataset:", "  init_from: first\n  dataset:", StringComparison.Ordinal), Ending.Completed,
        Tiny.Files.Single(f => f.Path == "model.safetensors").Bytes.ToArray()));

    private static readonly Lazy<FinishedJob> s_quorum = new(() => new FinishedJob(Yaml, Ending.Completed, quorum: 2));

    private static readonly Lazy<FinishedJob> s_archived = new(() =>
    {
        var job = new FinishedJob(Yaml, Ending.Completed);
        job.Net.Pass(job.Net.Genesis.Rules.RetainMs);
        return job;
    });

    private static readonly Lazy<FinishedJob> s_unwatched = new(() => new FinishedJob(Yaml, Ending.Completed, auditorsLate: true));

    private readonly Ending _ending;
    private readonly int _quorum;

    private FinishedJob(string yaml, Ending ending, byte[]? init = null, int quorum = 0, bool auditorsLate = false)
    {
        _quorum = quorum;
        _ending = ending;
        Dataset = Text(400);
        var parse = JobFile.Parse(yaml, "tiny.yaml");
        Assert.True(parse.IsValid, string.Join("\n", parse.Errors));
        Spec = parse.Pin(Dataset, init).Spec!;
        var backend = new Starling.Arithmetic.Reference.ScalarBackend();
        Run = new LocalRun(Spec, Dataset, backend, init);
        Net = new TestNetwork();
        if (!auditorsLate)
            Net.Enrol(Auditors);
        foreach (var provider in Providers[..Math.Max(quorum, 1)])
            Net.PostOffer(provider);
        Job = Net.OpenJob(Net.Order(leases: Math.Max(quorum, 1)) with
        {
            Spec = Spec.Id.Hash,
            Verification = quorum > 0 ? Verification.Quorum : auditorsLate ? Verification.Spot : Verification.Full,
            Quorum = (ulong)quorum,
        });
        if (RunOnLedger() is { } last)
            Net.Do(Gateway, new CompleteJob(Job, last));
        else
            Net.Do(Owner, new CancelJob(Job));
        if (auditorsLate)
        {
            Net.Enrol(Auditors);
            Net.Pass(1);
        }

        AuditAll();
        Net.Pass(10_000);
        Assert.Equal(JobStatus.Closed, Net.State.Jobs.Find(Job)!.Status);
        var made = ReceiptBuilder.Build(Net.State, LastHeader(), Job, Spec, c => Run[c]);
        Assert.Null(made.Problem);
        Receipt = made.Receipt!;
        Bytes = Receipt.ToBytes();
        Files = [.. (Receipt.Model?.Files ?? []).Select(f => new Artefact(f.Path, Run[f.Content]))];
    }

    public static FinishedJob Tiny => s_tiny.Value;

    /// <summary>A job that goes on from the model that <see cref="Tiny"/> gave.</summary>
    public static FinishedJob Continued => s_continued.Value;

    /// <summary>Every task by two providers.</summary>
    public static FinishedJob Quorum => s_quorum.Value;

    /// <summary>A job that ended so long ago that its records left the state.</summary>
    public static FinishedJob Archived => s_archived.Value;

    /// <summary>A job with drawn audits whose tasks were all committed before anybody audited.</summary>
    public static FinishedJob Unwatched => s_unwatched.Value;

    public static FinishedJob Cancelled => s_cancelled.Value;

    public static FinishedJob Faulted => s_faulted.Value;

    public byte[] Dataset { get; }

    public JobSpec Spec { get; }

    public JobId Job { get; }

    public LocalRun Run { get; }

    public TestNetwork Net { get; }

    public Receipt Receipt { get; }

    public byte[] Bytes { get; }

    public Artefact[] Files { get; }

    public ReceiptReport Verify(byte[] bytes, Artefact[]? files = null) =>
        ReceiptVerifier.Verify(bytes, files ?? [], Net.State.Chain, TestKey.Scheme);

    private static byte[] Text(int length) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)('a' + ((i * 7 + (i / 13)) % 26)))];

    /// <summary>The task that the job ends on; null where it is cancelled.</summary>
    private TaskId? RunOnLedger()
    {
        var results = new Dictionary<string, TaskResult>();
        while (true)
        {
            var step = Run.Plan.Next(Job, results);
            if (step.End is PlanEnd.Completed end)
                return end.Result.Task;
            var task = step.Tasks[0];
            var isInner = task.Node.StartsWith("inner", StringComparison.Ordinal);
            var claim = Run.Execute(task.Spec).Claim;
            if (isInner && _ending == Ending.Faulted)
                claim = claim with { Outputs = [claim.Outputs[^1]] };
            for (var i = 0; i < Math.Max(_quorum, 1); i++)
                Issue(task, i);
            for (var i = 0; i < Math.Max(_quorum, 1); i++)
                Commit(task.IdOf(Job, i), Providers[i], claim);
            for (var i = 0; i < Math.Max(_quorum, 1); i++)
                Net.Do(Providers[i], new RevealResult(task.IdOf(Job, i), 0, TestRoles.Salt, claim));
            if (isInner && _ending != Ending.Completed)
                return _ending == Ending.Faulted ? task.Id : null;
            results[task.Node] = new TaskResult(task.Id, claim);
        }
    }

    private void Issue(PlannedTask task, int replica) => Net.Do(Gateway, new IssueTasks(Job,
    [
        new TaskIssue(
            ReplicaName.Of(task.Node, replica), [.. task.ParentTasks], Blake3.Hash(RecordCodec.Encode(task.Spec)), task.Work, task.Graph,
            task.Steering, Providers[replica].Id),
    ]));

    private void Commit(TaskId task, TestKey provider, ResultClaim claim)
    {
        var commitment = Derived.Commitment(Net.State.Chain, task, 0, provider.Id, TestRoles.Salt, claim.Root());
        Net.Do(provider, new CommitResult(task, 0, commitment));
    }

    private void AuditAll()
    {
        for (var i = 0; Net.State.OpenEpochs() is [var epoch, ..]; i++)
        {
            Assert.True(i < 100, "epochs do not end");
            if (epoch.Phase == EpochPhase.Committing && Owing(epoch, AuditorProgress.Owing) is { } next)
                Net.Do(next, Net.Committed(next, epoch.Number, Verdicts(next, epoch.Number)));
            else if (epoch.Phase == EpochPhase.Revealing && Owing(epoch, AuditorProgress.Committed) is { } last)
            {
                Net.Do(last, new RevealVerdicts(
                    epoch.Number, Net.Seed(last, epoch.Number), TestRoles.Salt, Verdicts(last, epoch.Number)));
            }
            else
                Net.Pass(Net.Genesis.Rules.EpochMs);
        }
    }

    private Verdict[] Verdicts(TestKey auditor, ulong epoch) =>
        [.. Starling.Ledger.Audits.Draws.Selected(Net.State, auditor.Id, Net.Seed(auditor, epoch), epoch)
            .Select(d => new Verdict(d.Task, d.Attempt, Net.Attempt(d.Task).Claim!.Root()))];

    private static TestKey? Owing(EpochRecord epoch, AuditorProgress progress) =>
        Auditors.FirstOrDefault(a => epoch.IndexOf(a.Id) is >= 0 and var i && epoch.Auditors[i].Progress == progress);

    private SignedHeader LastHeader() => RecordCodec.Decode<Batch>(Net.Log[^1]).Header;
}
