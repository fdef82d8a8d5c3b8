using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Bench;

/// <summary>Causal attention, one thread, against eager PyTorch (whose heads already lie apart).</summary>
internal sealed class AttentionComparison : IComparison
{
    private static readonly (int Sequences, int Length, int Heads, int KeyHeads, int Size)[] s_shapes =
    [
        (8, 256, 8, 8, 32), (8, 256, 4, 4, 64), (8, 256, 8, 2, 32), (1, 1024, 12, 12, 64),
    ];

    public string Name => "attention";

    public IEnumerable<Row> Run(Settings settings)
    {
        (string Pass, int Shape)[] rows =
            [.. s_shapes.SelectMany((_, i) => ((string, int)[])[("forward", i), ("backward", i)])];
        settings = settings.For(rows.Length);
        using var peer = new PeerProcess("operators.py", Configuration(s_shapes[0], "forward", settings), threads: 1);
        foreach (var (pass, index) in rows)
        {
            var (sequences, length, heads, keyHeads, size) = s_shapes[index];
            peer.Configure(Configuration(s_shapes[index], pass, settings));
            using var run = new OperatorRun();
            var op = new Operator(Attention)
            {
                Heads = heads,
                KeyHeads = keyHeads,
                HeadSize = size,
                QueryRows = length,
                KeyRows = length,
            };
            Add(run, op, sequences, pass == "backward");
            run.Once();
            var groups = heads == keyHeads ? "" : $", {keyHeads} of keys";
            yield return Statistics.Alternate(
                $"attention {sequences}x{length} tokens, {heads} heads of {size}{groups}, {pass}, 1 thread", "calls/s",
                settings, () => Statistics.Rate(settings.Seconds, run.Once), peer.Go, ">= 1.0");
        }
    }

    private static object Configuration(
        (int Sequences, int Length, int Heads, int KeyHeads, int Size) shape, string pass, Settings settings) => new
        {
            @operator = "attention",
            pass,
            sequences = shape.Sequences,
            length = shape.Length,
            heads = shape.Heads,
            key_heads = shape.KeyHeads,
            size = shape.Size,
            threads = 1,
            seconds = settings.Seconds,
        };

    /// <summary>The backward pass is what a training graph adds: log-sum, row dots, three gradients.</summary>
    private static void Add(OperatorRun run, Operator op, int sequences, bool backward)
    {
        var rows = sequences * op.QueryRows;
        TensorView q = run.Tensor(rows, op.Heads * op.HeadSize), positions = run.Tensor(rows, 1);
        TensorView k = run.Tensor(rows, op.KeyHeads * op.HeadSize), v = run.Tensor(rows, op.KeyHeads * op.HeadSize);
        for (var i = 0; i < rows; i++)
            positions.Span[i] = i % op.QueryRows;
        var y = run.Apply(op, q, k, v, positions);
        if (!backward)
            return;
        run.Prepare();
        var dy = run.Tensor(rows, op.Heads * op.HeadSize);
        var logSum = run.Apply(op with { Kind = AttentionLogSum }, q, k, positions);
        var dot = run.Apply(new Operator(RowDot) { GroupColumns = op.HeadSize }, dy, y);
        run.Apply(op with { Kind = AttentionGradQuery }, q, k, v, positions, dy, logSum, dot);
        run.Apply(op with { Kind = AttentionGradKey }, q, k, v, positions, dy, logSum, dot);
        run.Apply(op with { Kind = AttentionGradValue }, q, k, positions, dy, logSum);
    }
}
