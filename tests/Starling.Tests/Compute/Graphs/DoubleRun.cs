using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Graphs;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Tests.Compute.Graphs;

/// <summary>
/// The forward operators in double precision, written from their formulas and not from the reference: what gradients are
/// compared with. An operator that gets a gradient rule gets its formula here.
/// </summary>
internal static class DoubleRun
{
    /// <summary>Runs the nodes up to <paramref name="last"/> and gives its value.</summary>
    public static double[] Run(Graph graph, IReadOnlyDictionary<string, double[]> inputs, ValueId last)
    {
        var values = new Tensor[last.Index + 1];
        for (int i = 0; i < values.Length; i++)
            values[i] = i < graph.Inputs.Length
                ? new Tensor(graph.Inputs[i].Shape, inputs[graph.Inputs[i].Name])
                : Apply(graph.Nodes[i - graph.Inputs.Length], values);
        return values[^1].Data;
    }

    private static Tensor Apply(GraphNode node, Tensor[] values)
    {
        Operator op = node.Operator;
        Tensor[] x = Array.ConvertAll(node.Inputs, id => values[id.Index]);
        Tensor y = new(node.Shape, new double[node.Shape.Elements]);
        Func<int, int, double> at = op.Kind switch
        {
            K.Product => (r, c) => Product(op, x[0], x[1], r, c),
            K.Add => (r, c) => x[0][r, c] + x[1][r, c],
            K.Multiply => (r, c) => x[0][r, c] * x[1][r, c],
            K.Scale => (r, c) => x[0][r, c] * op.Factor,
            K.AddRow => (r, c) => x[0][r, c] + x[1][0, c],
            K.Relu => (r, c) => Math.Max(x[0][r, c], 0),
            K.Gelu => (r, c) => Gelu(x[0][r, c]),
            K.SwiGlu => (r, c) => x[0][r, c] / (1 + Math.Exp(-x[0][r, c])) * x[1][r, c],
            K.RmsNorm => (r, c) => Normed(op, x[0], r, 0)[c] * x[1][0, c],
            K.LayerNorm => (r, c) => (Normed(op, x[0], r, x[0].Row(r).Average())[c] * x[1][0, c]) + x[2][0, c],
            K.Softmax => (r, c) => 1 / x[0].Row(r).Sum(other => Math.Exp(other - x[0][r, c])),
            K.Convolution => (r, c) => Convolution(op, x[0], x[1], r, c),
            K.Embedding => (r, c) => x[1][(int)x[0].Data[r], c],
            K.Rope => (r, c) => Rope(op, x[0], x[1].Data[r], r, c),
            K.Attention => Attention(op, x),
            K.CrossEntropy => (r, _) => CrossEntropy(x[0].Row(r), (int)x[1].Data[r]),
            _ => throw new NotSupportedException($"{op.Kind} has no formula in double precision: add it to {nameof(DoubleRun)}"),
        };
        for (int r = 0; r < node.Shape.Rows; r++)
            for (int c = 0; c < node.Shape.Columns; c++)
                y.Data[(r * node.Shape.Columns) + c] = at(r, c);
        return y;
    }

    private static double Product(Operator op, Tensor a, Tensor b, int row, int column)
    {
        double sum = 0;
        for (int k = 0; k < (op.TransposeLeft ? a.Shape.Rows : a.Shape.Columns); k++)
            sum += (op.TransposeLeft ? a[k, row] : a[row, k]) * (op.TransposeRight ? b[column, k] : b[k, column]);
        return sum;
    }

    private static double Convolution(Operator op, Tensor x, Tensor w, int row, int filter)
    {
        int high = ((op.Height + (2 * op.Padding) - op.KernelHeight) / op.Stride) + 1;
        int wide = ((op.Width + (2 * op.Padding) - op.KernelWidth) / op.Stride) + 1, channels = x.Shape.Columns;
        double sum = 0;
        for (int i = 0; i < op.KernelHeight; i++)
            for (int j = 0; j < op.KernelWidth; j++)
            {
                int line = (row / wide % high * op.Stride) + i - op.Padding, column = (row % wide * op.Stride) + j - op.Padding;
                if (line < 0 || line >= op.Height || column < 0 || column >= op.Width)
                    continue;
                for (int c = 0; c < channels; c++)
                    sum += x[(((row / (high * wide) * op.Height) + line) * op.Width) + column, c]
                        * w[filter, (((i * op.KernelWidth) + j) * channels) + c];
            }

        return sum;
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static double[] Normed(Operator op, Tensor x, int row, double mean)
    {
        double[] centred = Array.ConvertAll(x.Row(row), value => value - mean);
        double size = Math.Sqrt(centred.Average(value => value * value) + op.Epsilon);
        return Array.ConvertAll(centred, value => value / size);
    }

    private static double Rope(Operator op, Tensor x, double position, int row, int column)
    {
        int half = op.HeadSize / 2, within = column % op.HeadSize, pair = within % half;
        double angle = position * RotaryFrequency.Of(op, pair) * (op.Inverse ? -1 : 1);
        return within < half
            ? (x[row, column] * Math.Cos(angle)) - (x[row, column + half] * Math.Sin(angle))
            : (x[row, column] * Math.Cos(angle)) + (x[row, column - half] * Math.Sin(angle));
    }

    /// <summary>Weights are made once per row and head, for the head's first column.</summary>
    private static Func<int, int, double> Attention(Operator op, Tensor[] x)
    {
        double[] weights = [];
        return (row, column) =>
        {
            int head = column / op.HeadSize, keyHead = head / (op.Heads / op.KeyHeads), first = row / op.QueryRows * op.KeyRows;
            if (column % op.HeadSize == 0)
                weights = Weights(op, x, row, head, keyHead, first);
            double mixed = 0;
            for (int key = 0; key < weights.Length; key++)
                mixed += weights[key] * x[2][first + key, (keyHead * op.HeadSize) + (column % op.HeadSize)];
            return mixed / weights.Sum();
        };
    }

    private static double[] Weights(Operator op, Tensor[] x, int row, int head, int keyHead, int first)
    {
        double scale = op.Factor != 0 ? op.Factor : 1 / Math.Sqrt(op.HeadSize);
        double[] weights = new double[(int)x[3].Data[row] + 1];
        for (int key = 0; key < weights.Length; key++)
        {
            double score = 0;
            for (int i = 0; i < op.HeadSize; i++)
                score += x[0][row, (head * op.HeadSize) + i] * x[1][first + key, (keyHead * op.HeadSize) + i];
            weights[key] = Math.Exp(score * scale);
        }

        return weights;
    }

    private static double CrossEntropy(double[] logits, int target) =>
        target < 0 ? 0 : Math.Log(logits.Sum(logit => Math.Exp(logit - logits[target])));

    private readonly record struct Tensor(Shape Shape, double[] Data)
    {
        public double this[int row, int column] => Data[(row * Shape.Columns) + column];

        public double[] Row(int row) => Data[(row * Shape.Columns)..((row + 1) * Shape.Columns)];
    }
}
