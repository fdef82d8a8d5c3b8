using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
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
            var op = new Operator(Attention)
            {
                Heads = heads,
                KeyHeads = keyHeads,
                HeadSize = size,
                QueryRows = length,
                KeyRows = length,
            };
            using var run = new GraphRun(VectorBackend.Best());
            if (pass == "forward")
                Forward(run, op, sequences);
            else
                Backward(run, op, sequences);
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

    private static void Forward(GraphRun run, Operator op, int sequences)
    {
        var (q, k, positions) = Operands(run, op, sequences);
        run.Output(op, q, k, run.Like(k), positions);
    }

    /// <summary>What a training graph adds for one attention: log-sum, row dots, three gradients.</summary>
    private static void Backward(GraphRun run, Operator op, int sequences)
    {
        var (q, k, positions) = Operands(run, op, sequences);
        Value v = run.Like(k), y = run.Like(q), dy = run.Like(q);
        var logSum = run.Apply(op with { Kind = AttentionLogSum }, q, k, positions);
        var dot = run.Apply(new Operator(RowDot) { GroupColumns = op.HeadSize }, dy, y);
        run.Output(op with { Kind = AttentionGradQuery }, q, k, v, positions, dy, logSum, dot);
        run.Output(op with { Kind = AttentionGradKey }, q, k, v, positions, dy, logSum, dot);
        run.Output(op with { Kind = AttentionGradValue }, q, k, positions, dy, logSum);
    }

    private static (Value Q, Value K, Value Positions) Operands(GraphRun run, Operator op, int sequences)
    {
        var rows = sequences * op.QueryRows;
        var positions = run.Input(rows, 1, i => i % op.QueryRows);
        return (run.Input(rows, op.Heads * op.HeadSize), run.Input(rows, op.KeyHeads * op.HeadSize), positions);
    }
}
