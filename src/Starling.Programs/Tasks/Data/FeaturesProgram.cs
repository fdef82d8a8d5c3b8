using System.Buffers;
using System.Text.Json;
using Starling.Arithmetic.Random;
using Starling.Compute.Training;
using Starling.Programs.Tables;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Data;

/// <summary>
/// <c>features</c>: (CSV) -> training rows, held-out rows, preprocessing.json. Rows are dealt by a Philox shuffle, then
/// each feature is brought to mean 0 and deviation 1 as measured on the training rows.
/// </summary>
internal sealed class FeaturesProgram : ITaskProgram
{
    /// <summary>Purpose of the draws that split a table; numbers below 16 are those of Starling.Compute.</summary>
    private const uint SplitPurpose = 16;

    public string Name => "features";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<FeaturesParameters>(spec.Parameters);
        TaskInputs read = new(inputs, "table");
        var table = TableFile.Parse(read[0], out var problem) ?? throw read.Refuse(0, problem);
        if (table.Rows != (long)p.Train + p.HeldOut || table.Columns != p.Columns || table.Classes > p.Classes)
            throw read.Refuse(
                0, $"{table.Rows} rows, {table.Columns} features, {table.Classes} classes; the parameters say "
                    + $"{(long)p.Train + p.HeldOut}, {p.Columns}, {p.Classes}");

        var order = Shuffle(table.Rows, p.Seed);
        var (features, labels) = Take(table, order.AsSpan(0, p.Train));
        var (heldOut, heldOutLabels) = Take(table, order.AsSpan(p.Train));
        var standardiser = Standardiser.Measure(features, p.Columns);
        standardiser.Apply(features);
        standardiser.Apply(heldOut);
        return TaskResults.Completed(
            TableBlob.Encode(features, p.Columns, labels), TableBlob.Encode(heldOut, p.Columns, heldOutLabels),
            Describe(standardiser));
    }

    /// <summary>Fisher-Yates, the last position first.</summary>
    private static int[] Shuffle(int rows, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        Philox random = new(seed, SplitPurpose, 0);
        for (var i = rows - 1; i > 0; i--)
        {
            var other = (int)random.Below((ulong)i, (uint)(i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    private static (float[] Features, int[] Labels) Take(TableFile table, ReadOnlySpan<int> rows)
    {
        var features = new float[rows.Length * table.Columns];
        var labels = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            table.Features.AsSpan(rows[i] * table.Columns, table.Columns).CopyTo(features.AsSpan(i * table.Columns));
            labels[i] = table.Labels[rows[i]];
        }

        return (features, labels);
    }

    private static byte[] Describe(Standardiser standardiser)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            WriteRow(writer, "mean", standardiser.Means);
            WriteRow(writer, "scale", standardiser.Scales);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRow(Utf8JsonWriter writer, string name, ReadOnlySpan<float> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
