using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Tests.Compute.Models;

/// <summary>
/// A second implementation of the Llama forward pass, in double precision, written from the Hugging Face model's
/// definition and sharing no code with ours: what other tools compute from our checkpoints.
/// </summary>
internal sealed class LlamaInDoubles(DecoderConfig config, TensorMemory weights)
{
    /// <summary>Logits of every position of one sequence.</summary>
    public double[][] Logits(int[] tokens)
    {
        double[][] x = [.. tokens.Select(token => Row("model.embed_tokens.weight", token))];
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            x = Add(x, Attend(prefix + "self_attn.", Norm(x, prefix + "input_layernorm.weight")));
            x = Add(x, FeedForward(prefix + "mlp.", Norm(x, prefix + "post_attention_layernorm.weight")));
        }

        return Linear(Norm(x, "model.norm.weight"), config.TieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight");
    }

    private double[][] Attend(string prefix, double[][] x)
    {
        double[][] q = Linear(x, prefix + "q_proj.weight"), k = Linear(x, prefix + "k_proj.weight");
        double[][] v = Linear(x, prefix + "v_proj.weight");
        int size = config.HeadSize, group = config.Heads / config.KeyValueHeads;
        double[][] mixed = [.. x.Select(_ => new double[config.Heads * size])];
        for (int t = 0; t < x.Length; t++)
            for (int head = 0; head < config.Heads; head++)
            {
                double[] query = Rotate(q[t], head, t);
                double[] scores = [.. Enumerable.Range(0, t + 1).Select(s =>
                    Dot(query, Rotate(k[s], head / group, s)) / Math.Sqrt(size))];
                double largest = scores.Max();
                double[] shares = [.. scores.Select(score => Math.Pow(Math.E, score - largest))];
                for (int s = 0; s <= t; s++)
                    for (int i = 0; i < size; i++)
                        mixed[t][(head * size) + i] += shares[s] / shares.Sum() * v[s][(head / group * size) + i];
            }

        return Linear(mixed, prefix + "o_proj.weight");
    }

    private double[] Rotate(double[] row, int head, int position)
    {
        int size = config.HeadSize, half = size / 2;
        var turned = new double[size];
        for (int i = 0; i < size; i++)
        {
            double angle = position / Math.Pow(config.RopeTheta, 2.0 * (i % half) / size);
            double value = row[(head * size) + i];
            double other = i < half ? -row[(head * size) + i + half] : row[(head * size) + i - half];
            turned[i] = (value * Math.Cos(angle)) + (other * Math.Sin(angle));
        }

        return turned;
    }

    private double[][] FeedForward(string prefix, double[][] x)
    {
        double[][] gate = Linear(x, prefix + "gate_proj.weight"), up = Linear(x, prefix + "up_proj.weight");
        double[][] inner = [.. gate.Select((row, t) =>
            row.Select((g, i) => g / (1 + Math.Pow(Math.E, -g)) * up[t][i]).ToArray())];
        return Linear(inner, prefix + "down_proj.weight");
    }

    private double[][] Norm(double[][] x, string gain)
    {
        double[] gains = Row(gain, 0);
        return [.. x.Select(row =>
        {
            double scale = 1 / Math.Sqrt(row.Average(value => value * value) + config.NormEpsilon);
            return row.Select((value, i) => value * scale * gains[i]).ToArray();
        })];
    }

    private double[][] Linear(double[][] x, string name)
    {
        double[][] rows = [.. Enumerable.Range(0, weights[name].Rows).Select(row => Row(name, row))];
        return [.. x.Select(values => rows.Select(row => Dot(row, values)).ToArray())];
    }

    private double[] Row(string name, int row) => [.. weights[name].Row(row).ToArray().Select(value => (double)value)];

    private static double[][] Add(double[][] a, double[][] b) => [.. a.Select((row, t) => row.Zip(b[t], (p, q) => p + q).ToArray())];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
