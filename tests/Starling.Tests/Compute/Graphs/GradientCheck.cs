using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

/// <summary>
/// Compares gradients with central differences of the loss along random directions, one parameter at a time. The loss
/// is added up in double precision from its rows, so its own rounding does not drown the difference.
/// </summary>
internal static class GradientCheck
{
    private const int Directions = 3;
    private const float Step = 1e-3f;

    public static void Run(
        GraphBuilder builder, Value logits, Value targets, Value[] parameters, Dictionary<string, float[]> inputs, ulong seed)
    {
        Value rows = builder.Apply(OperatorKind.CrossEntropy, logits, targets);
        Value loss = builder.Scale(builder.ColumnSum(rows), 1f / builder.ShapeOf(logits).Rows);
        Value[] gradients = Gradients.Of(builder, loss, parameters);
        builder.Output("rows", rows);
        for (int i = 0; i < gradients.Length; i++)
            builder.Output($"gradient.{i}", gradients[i]);
        Graph graph = builder.Build();
        string[] names = [.. parameters.Select(parameter => graph.Inputs[InputIndex(builder, parameter)].Name)];

        float[][] values = NaiveRun.Run(graph, inputs, new ScalarBackend());
        for (int i = 0; i < names.Length; i++)
            CheckParameter(graph, inputs, names[i], Output(graph, values, $"gradient.{i}"), seed);
    }

    private static void CheckParameter(
        Graph graph, Dictionary<string, float[]> inputs, string name, float[] gradient, ulong seed)
    {
        for (uint direction = 0; direction < Directions; direction++)
        {
            float[] along = Numbers.Normal(new(1, gradient.Length), seed, 5000 + direction);
            double analytic = 0, size = 0;
            for (int i = 0; i < along.Length; i++)
            {
                analytic += (double)gradient[i] * along[i];
                size += (double)gradient[i] * gradient[i];
            }

            double numeric = (Loss(graph, inputs, name, along, Step) - Loss(graph, inputs, name, along, -Step)) / (2 * Step);
            double allowed = (0.01 * Math.Abs(analytic)) + (0.01 * Math.Sqrt(size)) + 1e-4;
            Assert.True(
                Math.Abs(analytic - numeric) <= allowed,
                $"'{name}' (seed {seed}, direction {direction}): gradient {analytic}, difference {numeric}, allowed {allowed}");
        }
    }

    private static double Loss(Graph graph, Dictionary<string, float[]> inputs, string name, float[] along, float step)
    {
        Dictionary<string, float[]> moved = new(inputs)
        {
            [name] = [.. inputs[name].Select((value, i) => value + (step * along[i]))],
        };
        return Output(graph, NaiveRun.Run(graph, moved, new ScalarBackend()), "rows").Average(row => (double)row);
    }

    private static float[] Output(Graph graph, float[][] values, string name) =>
        values[Array.Find(graph.Outputs, output => output.Name == name)!.Value.Index - graph.Inputs.Length];

    private static int InputIndex(GraphBuilder builder, Value parameter) =>
        Enumerable.Range(0, parameter.Index).Count(i => builder.OperatorOf(new Value(i)) is null);
}
