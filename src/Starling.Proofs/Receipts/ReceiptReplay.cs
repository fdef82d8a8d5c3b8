using Starling.Arithmetic.Catalogue;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>
/// Runs tasks of a job again, from blobs at hand and from what the replay itself gave, and compares every result with
/// the receipt. Pure and slow.
/// </summary>
public sealed class ReceiptReplay
{
    private readonly Func<Hash256, ReadOnlyMemory<byte>?> _read;
    private readonly TaskContext _context;
    private readonly Action<string, int, int> _progress;
    private readonly IReadOnlyList<ReceiptTask> _tasks;
    private readonly int _drawn;
    private readonly List<int> _order;
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _made = [];
    private readonly List<string> _recomputed = [];
    private readonly List<MissingInput> _missing = [];

    private ReceiptReplay(
        Receipt receipt, ReplaySample sample, Func<Hash256, ReadOnlyMemory<byte>?> read, TaskContext context,
        Action<string, int, int> progress)
    {
        (_read, _context, _progress) = (read, context, progress);
        _tasks = ReceiptTasks.Of(receipt, Plan.Create(RecordCodec.Decode<JobSpec>(receipt.Spec)));
        var drawn = sample.Draw(receipt.Job, _tasks.Count);
        (_drawn, _order) = (drawn.Count, WithWhatTheyNeed(drawn));
    }

    /// <param name="receipt">A receipt that verifies.</param>
    /// <param name="sample">Which tasks.</param>
    /// <param name="read">A blob at hand by its content id, or null. What it gives is checked.</param>
    /// <param name="backend">Runs the operators.</param>
    /// <param name="progress">Told the name of each task before it runs, how many ran, and how many there are.</param>
    /// <param name="cancel">Checked between steps.</param>
    /// <exception cref="OperationCanceledException">Stopped by <paramref name="cancel"/>.</exception>
    public static ReplayReport Run(
        Receipt receipt, ReplaySample sample, Func<Hash256, ReadOnlyMemory<byte>?> read, IBackend backend,
        Action<string, int, int> progress, CancellationToken cancel = default) =>
        new ReceiptReplay(receipt, sample, read, new TaskContext(backend, Cancellation: cancel), progress).Run();

    /// <summary>Everything that a paid task of a receipt reads or gave, each once, parents' first.</summary>
    /// <param name="receipt">A receipt that verifies.</param>
    public static IReadOnlyList<Hash256> BlobsOf(Receipt receipt) =>
    [
        .. ReceiptTasks.Of(receipt, Plan.Create(RecordCodec.Decode<JobSpec>(receipt.Spec)))
            .SelectMany(static t => t.Spec.Inputs.Concat(t.Task.Result!.Outputs)).Distinct(),
    ];

    /// <summary>Also the tasks before the drawn ones whose outputs those read and nobody here holds; ascending.</summary>
    private List<int> WithWhatTheyNeed(IReadOnlyList<int> drawn)
    {
        var makers = new Dictionary<Hash256, int>();
        for (var i = 0; i < _tasks.Count; i++)
            foreach (var output in _tasks[i].Task.Result!.Outputs)
                makers.TryAdd(output, i);
        var needed = new SortedSet<int>(drawn);
        var open = new Stack<int>(drawn);
        while (open.TryPop(out var next))
        {
            foreach (var input in _tasks[next].Spec.Inputs)
            {
                if (makers.TryGetValue(input, out var maker) && !needed.Contains(maker) && Find(input) is null)
                {
                    needed.Add(maker);
                    open.Push(maker);
                }
            }
        }

        return [.. needed];
    }

    private ReplayReport Run()
    {
        string? problem = null;
        for (var i = 0; i < _order.Count && problem is null; i++)
        {
            _progress(_tasks[_order[i]].Node.Name, i, _order.Count);
            problem = Recompute(_tasks[_order[i]]);
            _context.Cancellation.ThrowIfCancellationRequested();
            Forget(i + 1);
        }

        return new ReplayReport(_tasks.Count, _drawn, _order.Count, _recomputed, _missing, problem);
    }

    private string? Recompute(ReceiptTask task)
    {
        var inputs = new ReadOnlyMemory<byte>[task.Spec.Inputs.Length];
        var missing = _missing.Count;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (Find(task.Spec.Inputs[i]) is { } bytes)
                inputs[i] = bytes;
            else
                _missing.Add(new MissingInput(task.Node.Name, i, new ContentId(task.Spec.Inputs[i]), Source(task, i)));
        }

        if (_missing.Count > missing)
            return null;
        var run = TaskPrograms.Execute(task.Spec, inputs, _context);
        _context.Cancellation.ThrowIfCancellationRequested();
        if (Difference(task, run) is { } difference)
            return difference;
        _recomputed.Add(task.Node.Name);
        for (var i = 0; i < run.Outputs.Count; i++)
            _made[task.Task.Result!.Outputs[i]] = run.Outputs[i];

        return null;
    }

    private ReadOnlyMemory<byte>? Find(Hash256 content)
    {
        if (_made.TryGetValue(content, out var made))
            return made;
        if (_read(content) is { } bytes && Blake3.Hash(bytes.Span) == content)
            return bytes;
        return null;
    }

    private static string Source(ReceiptTask task, int input) => task.Node.Inputs[input].Node is { } node
        ? $"output {task.Node.Inputs[input].Output} of {node}"
        : "the job's data";

    private static string? Difference(ReceiptTask task, TaskRun run) => run.Outcome switch
    {
        TaskOutcome.Completed { Claim: var claim } when claim.Equals(task.Task.Result) => null,
        TaskOutcome.Completed { Claim: var claim } =>
            $"task {task.Node.Name} gives {Name(claim)} here, {Name(task.Task.Result!)} in the receipt",
        TaskOutcome.Refused when task.Task.Result!.Outputs.Length == 0 => null,
        TaskOutcome.Refused refused => $"task {task.Node.Name} cannot be run: {refused.Reason}",
        TaskOutcome.Failed failed => $"task {task.Node.Name} failed here: {failed.Reason}",
        _ => throw new InvalidOperationException($"unknown outcome {run.Outcome}"),
    };

    /// <summary>Of all outputs, keeps only those that a later task of this run reads.</summary>
    private void Forget(int done)
    {
        var wanted = _order.Skip(done).SelectMany(i => _tasks[i].Spec.Inputs).ToHashSet();
        foreach (var old in _made.Keys.Where(k => !wanted.Contains(k)).ToArray())
            _made.Remove(old);
    }

    private static string Name(ResultClaim claim) => claim.Root().ToString()[..16];
}
