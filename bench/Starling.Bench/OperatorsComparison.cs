using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Bench;

/// <summary>Single operators other than products and attention, one thread, against eager PyTorch.</summary>
internal sealed class OperatorsComparison : IComparison
{
    private static readonly Operator s_layer = new(LayerNorm) { Epsilon = 1e-5f };
    private static readonly Operator s_rms = new(RmsNorm) { Epsilon = 1e-5f };

    private static readonly (string Name, string Pass, int Rows, int Columns, Action<OperatorRun, int, int> Add)[] s_cases =
    [
        ("softmax", "forward", 2048, 256, (r, m, n) => r.Apply(Softmax, r.Tensor(m, n))),
        ("softmax", "forward", 1024, 1024, (r, m, n) => r.Apply(Softmax, r.Tensor(m, n))),
        ("layer norm", "forward", 2048, 256, (r, m, n) => r.Apply(s_layer, r.Tensor(m, n), r.Tensor(1, n), r.Tensor(1, n))),
        ("layer norm", "backward", 2048, 256, LayerNormBackward),
        ("rms norm", "forward", 2048, 256, (r, m, n) => r.Apply(s_rms, r.Tensor(m, n), r.Tensor(1, n))),
        ("rms norm", "backward", 2048, 256, RmsNormBackward),
        ("gelu", "forward", 2048, 1024, (r, m, n) => r.Apply(Gelu, r.Tensor(m, n))),
        ("gelu", "backward", 2048, 1024, (r, m, n) => r.Apply(GeluGrad, r.Tensor(m, n), r.Tensor(m, n))),
        ("swiglu", "forward", 2048, 704, (r, m, n) => r.Apply(SwiGlu, r.Tensor(m, n), r.Tensor(m, n))),
        ("swiglu", "backward", 2048, 704, SwiGluBackward),
        ("cross-entropy", "forward", 2048, 1024, (r, m, n) => r.Apply(CrossEntropy, r.Tensor(m, n), Targets(r, m))),
        ("cross-entropy", "backward", 2048, 1024,
            (r, m, n) => r.Apply(new Operator(CrossEntropyGrad) { Factor = 1f / m }, r.Tensor(m, n), Targets(r, m))),
        ("adamw", "forward", 1024, 1024, AdamW),
    ];

    public string Name => "operators";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(s_cases.Length);
        object[] configurations = [.. s_cases.Select(c => new
        {
            @operator = c.Name,
            pass = c.Pass,
            rows = c.Rows,
            columns = c.Columns,
            threads = 1,
            seconds = settings.Seconds,
        })];
        using var peer = new PeerProcess("operators.py", configurations[0], threads: 1);
        for (var i = 0; i < s_cases.Length; i++)
        {
            var (name, pass, rows, columns, add) = s_cases[i];
            peer.Configure(configurations[i]);
            using var run = new OperatorRun();
            add(run, rows, columns);
            run.Once();
            yield return Statistics.Alternate(
                $"{name} {rows}x{columns}, {pass}, 1 thread", "calls/s", settings,
                () => Statistics.Rate(settings.Seconds, run.Once), peer.Go, ">= 1.0");
        }
    }

    private static void LayerNormBackward(OperatorRun run, int rows, int columns)
    {
        TensorView x = run.Tensor(rows, columns), dy = run.Tensor(rows, columns);
        run.Apply(s_layer with { Kind = LayerNormGradInput }, x, run.Tensor(1, columns), dy);
        run.Apply(ColumnSum, run.Apply(s_layer with { Kind = LayerNormGradGain }, x, dy));
        run.Apply(ColumnSum, dy);
    }

    private static void RmsNormBackward(OperatorRun run, int rows, int columns)
    {
        TensorView x = run.Tensor(rows, columns), dy = run.Tensor(rows, columns);
        run.Apply(s_rms with { Kind = RmsNormGradInput }, x, run.Tensor(1, columns), dy);
        run.Apply(ColumnSum, run.Apply(s_rms with { Kind = RmsNormGradGain }, x, dy));
    }

    private static void SwiGluBackward(OperatorRun run, int rows, int columns)
    {
        TensorView gate = run.Tensor(rows, columns), up = run.Tensor(rows, columns), dy = run.Tensor(rows, columns);
        run.Apply(SwiGluGradGate, gate, up, dy);
        run.Apply(SwiGluGradUp, gate, dy);
    }

    private static TensorView Targets(OperatorRun run, int rows)
    {
        var targets = run.Tensor(rows, 1);
        for (var i = 0; i < rows; i++)
            targets.Span[i] = i % 256;
        return targets;
    }

    /// <summary>The new moments and weights go to memory of their own, so that repeated runs see the same numbers.</summary>
    private static void AdamW(OperatorRun run, int rows, int columns)
    {
        TensorView w = run.Tensor(rows, columns), g = run.Tensor(rows, columns), m = run.Tensor(rows, columns);
        TensorView v = run.Tensor(rows, columns), schedule = run.Tensor(1, 4);
        foreach (ref var value in v.Span)
            value = Math.Abs(value);
        (schedule.Span[0], schedule.Span[1], schedule.Span[2]) = (1e-3f, 2f, 20f);
        var first = run.Apply(new Operator(AdamFirstMoment) { Decay = 0.9f }, m, g);
        var second = run.Apply(new Operator(AdamSecondMoment) { Decay = 0.95f }, v, g);
        run.Apply(new Operator(AdamUpdate) { Epsilon = 1e-8f, Decay = 0.1f }, w, first, second, schedule);
    }
}
