using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using static Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Bench;

/// <summary>Single operators other than products and attention, one thread, against eager PyTorch.</summary>
internal sealed class OperatorsComparison : IComparison
{
    private static readonly Operator s_layer = new(LayerNorm) { Epsilon = 1e-5f };
    private static readonly Operator s_rms = new(RmsNorm) { Epsilon = 1e-5f };

    private static readonly (string Name, string Pass, int Rows, int Columns, Action<GraphRun, int, int> Add)[] s_cases =
    [
        ("softmax", "forward", 2048, 256, (r, m, n) => r.Output(Softmax, r.Input(m, n))),
        ("softmax", "forward", 1024, 1024, (r, m, n) => r.Output(Softmax, r.Input(m, n))),
        ("layer norm", "forward", 2048, 256, (r, m, n) => r.Output(s_layer, r.Input(m, n), r.Input(1, n), r.Input(1, n))),
        ("layer norm", "backward", 2048, 256, LayerNormBackward),
        ("rms norm", "forward", 2048, 256, (r, m, n) => r.Output(s_rms, r.Input(m, n), r.Input(1, n))),
        ("rms norm", "backward", 2048, 256, RmsNormBackward),
        ("gelu", "forward", 2048, 1024, (r, m, n) => r.Output(Gelu, r.Input(m, n))),
        ("gelu", "backward", 2048, 1024, (r, m, n) => r.Output(GeluGrad, r.Input(m, n), r.Input(m, n))),
        ("swiglu", "forward", 2048, 704, (r, m, n) => r.Output(SwiGlu, r.Input(m, n), r.Input(m, n))),
        ("swiglu", "backward", 2048, 704, SwiGluBackward),
        ("cross-entropy", "forward", 2048, 1024, (r, m, n) => r.Output(CrossEntropy, r.Input(m, n), Targets(r, m))),
        ("cross-entropy", "backward", 2048, 1024,
            (r, m, n) => r.Output(new Operator(CrossEntropyGrad) { Factor = 1f / m }, r.Input(m, n), Targets(r, m))),
        ("adamw", "forward", 1024, 1024, AdamW),
    ];

    /// <summary>Batches of square images under square kernels that keep their size.</summary>
    private static readonly (string Pass, int Batch, int Size, int Channels, int Filters, int Kernel)[] s_images =
    [
        ("forward", 8, 32, 64, 64, 3), ("backward", 8, 32, 64, 64, 3), ("forward", 4, 56, 3, 64, 7), ("forward", 8, 14, 256, 256, 3),
    ];

    public string Name => "operators";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(s_cases.Length + s_images.Length);
        PeerProcess? peer = null;
        try
        {
            foreach (var (name, pass, rows, columns, add) in s_cases)
            {
                var configuration =
                    new { @operator = name, pass, rows, columns, threads = 1, seconds = settings.Seconds };
                Configure(ref peer, configuration);
                yield return Measure($"{name} {rows}x{columns}, {pass}", run => add(run, rows, columns), peer!, settings);
            }

            foreach (var image in s_images)
            {
                Configure(ref peer, Configuration(image, settings));
                yield return Measure(
                    $"conv2d {image.Batch}x{image.Size}x{image.Size}, {image.Channels} to {image.Filters} channels, "
                    + $"{image.Kernel}x{image.Kernel}, {image.Pass}", run => Convolve(run, image), peer!, settings);
            }
        }
        finally
        {
            peer?.Dispose();
        }
    }

    private static void Configure(ref PeerProcess? peer, object configuration)
    {
        if (peer is null)
            peer = new PeerProcess("operators.py", configuration, threads: 1);
        else
            peer.Configure(configuration);
    }

    private static Row Measure(string what, Action<GraphRun> add, PeerProcess peer, Settings settings)
    {
        using var run = new GraphRun(VectorBackend.Best());
        add(run);
        run.Once();
        return Statistics.Alternate(
            $"{what}, 1 thread", "calls/s", settings, () => Statistics.Rate(settings.Seconds, run.Once), peer.Go, ">= 1.0");
    }

    private static object Configuration(
        (string Pass, int Batch, int Size, int Channels, int Filters, int Kernel) image, Settings settings) => new
        {
            @operator = "conv2d",
            pass = image.Pass,
            batch = image.Batch,
            height = image.Size,
            width = image.Size,
            channels = image.Channels,
            filters = image.Filters,
            kernel = image.Kernel,
            stride = 1,
            padding = image.Kernel / 2,
            threads = 1,
            seconds = settings.Seconds,
        };

    private static void Convolve(GraphRun run, (string Pass, int Batch, int Size, int Channels, int Filters, int Kernel) image)
    {
        var op = new Operator(Convolution)
        {
            Height = image.Size,
            Width = image.Size,
            KernelHeight = image.Kernel,
            KernelWidth = image.Kernel,
            Stride = 1,
            Padding = image.Kernel / 2,
        };
        var pixels = image.Batch * image.Size * image.Size;
        Value x = run.Input(pixels, image.Channels), w = run.Input(image.Filters, image.Kernel * image.Kernel * image.Channels);
        if (image.Pass == "forward")
        {
            run.Output(op, x, w);
            return;
        }

        var dy = run.Input(pixels, image.Filters);
        run.Output(op with { Kind = ConvolutionGradInput }, dy, w);
        run.Output(op with { Kind = ConvolutionGradWeight }, x, dy);
    }

    private static void LayerNormBackward(GraphRun run, int rows, int columns)
    {
        Value x = run.Input(rows, columns), dy = run.Input(rows, columns);
        run.Output(s_layer with { Kind = LayerNormGradInput }, x, run.Input(1, columns), dy);
        run.Output(ColumnSum, run.Apply(s_layer with { Kind = LayerNormGradGain }, x, dy));
        run.Output(ColumnSum, dy);
    }

    private static void RmsNormBackward(GraphRun run, int rows, int columns)
    {
        Value x = run.Input(rows, columns), dy = run.Input(rows, columns);
        run.Output(s_rms with { Kind = RmsNormGradInput }, x, run.Input(1, columns), dy);
        run.Output(ColumnSum, run.Apply(s_rms with { Kind = RmsNormGradGain }, x, dy));
    }

    private static void SwiGluBackward(GraphRun run, int rows, int columns)
    {
        Value gate = run.Input(rows, columns), up = run.Input(rows, columns), dy = run.Input(rows, columns);
        run.Output(SwiGluGradGate, gate, up, dy);
        run.Output(SwiGluGradUp, gate, dy);
    }

    private static Value Targets(GraphRun run, int rows) => run.Input(rows, 1, i => i % 256);

    private static void AdamW(GraphRun run, int rows, int columns)
    {
        Value w = run.Input(rows, columns), g = run.Input(rows, columns), m = run.Input(rows, columns);
        Value v = run.Input(rows, columns, i => i % 1000 * 1e-6f), schedule = run.Input(1, 4, i => i == 0 ? 1e-3f : 2f);
        var first = run.Apply(new Operator(AdamFirstMoment) { Decay = 0.9f }, m, g);
        var second = run.Apply(new Operator(AdamSecondMoment) { Decay = 0.95f }, v, g);
        run.Output(new Operator(AdamUpdate) { Epsilon = 1e-8f, Decay = 0.1f }, w, first, second, schedule);
    }
}
