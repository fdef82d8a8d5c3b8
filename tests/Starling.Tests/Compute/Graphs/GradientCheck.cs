using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

/// <summary>
/// Compares gradients, as the scalar reference computes them, with central differences of the loss in double precision:
/// every element of a small parameter, random directions of a large one.
/// </summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>Allowed error, as a part of the gradient's length: some roundings of binary32.</summary>
    private const double Tolerance = 2e-5;

    /// <summary>What is left where a gradient is zero because its parts cancel.</summary>
    private const double Rounding = 1e-7;

    private const int Few = 64, ManyDirections = 3;
    private const ulong DirectionSeed = 5000;

    /// <exception cref="NotDifferentiableException">An operator on the way has no rule.</exception>
    public static void Run(
        GraphBuilder builder, Value logits, Value targets, Value[] parameters, Dictionary<string, float[]> inputs, string what)
    {
        Value rows = builder.Apply(OperatorKind.CrossEntropy, logits, targets);
        Value loss = builder.Scale(builder.ColumnSum(rows), 1f / builder.ShapeOf(logits).Rows);
        Value[] gradients = Gradients.Of(builder, loss, parameters);
        builder.Output("rows", rows);
        for (int i = 0; i < gradients.Length; i++)
            builder.Output($"gradient.{i}", gradients[i]);
        Graph graph = builder.Build();

        float[][] values = NaiveRun.Run(graph, inputs, new ScalarBackend());
        Dictionary<string, double[]> exact = inputs.ToDictionary(
            input => input.Key, input => Array.ConvertAll(input.Value, value => (double)value));
        for (int i = 0; i < parameters.Length; i++)
            CheckParameter(
                graph, exact, builder.NameOf(parameters[i])!, values[ValueOf(graph, $"gradient.{i}").Index - graph.Inputs.Length], what);
    }

    private static void CheckParameter(
        Graph graph, Dictionary<string, double[]> inputs, string name, float[] gradient, string what)
    {
        double size = Math.Sqrt(gradient.Sum(g => (double)g * g));
        foreach (double[] along in Directions(gradient.Length))
        {
            double analytic = gradient.Zip(along, (g, d) => g * d).Sum();
            double numeric = (Loss(graph, inputs, name, along, Step) - Loss(graph, inputs, name, along, -Step)) / (2 * Step);
            double allowed = (Tolerance * size) + Rounding;
            Assert.True(
                Math.Abs(analytic - numeric) <= allowed,
                $"{what}: the gradient of '{name}' along a direction is {analytic}, the difference {numeric} (allowed {allowed})");
        }
    }

    /// <summary>Every element alone where there are few; else directions that all elements take part in.</summary>
    private static IEnumerable<double[]> Directions(int length)
    {
        for (int i = 0; i < (length <= Few ? length : ManyDirections); i++)
        {
            double[] along = new double[length];
            if (length <= Few)
                along[i] = 1;
            else
                along = Array.ConvertAll(Numbers.Normal(new(1, length), DirectionSeed, (uint)i), value => value / Math.Sqrt(length));
            yield return along;
        }
    }

    private static double Loss(
        Graph graph, Dictionary<string, double[]> inputs, string name, double[] along, double step)
    {
        Dictionary<string, double[]> moved = new(inputs) { [name] = [.. inputs[name].Zip(along, (x, d) => x + (step * d))] };
        return DoubleRun.Run(graph, moved, ValueOf(graph, "rows")).Average();
    }

    private static ValueId ValueOf(Graph graph, string output) => Array.Find(graph.Outputs, o => o.Name == output)!.Value;
}
