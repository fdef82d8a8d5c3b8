using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Recomputes one chunk of an input of the step's graph that is data.</summary>
internal static class InputRules
{
    public static byte[] Recompute(Blueprint blueprint, BlueprintInput input, long step, long chunk, Evidence evidence)
    {
        var row = input.Layout.At(chunk).Row;
        switch (input.Source)
        {
            case InputSource.Blob:
                return evidence.Chunks(evidence.Input(input.Index), input.BlobChunks, input.First, input.Layout, chunk);
            case InputSource.Positions:
                return Numbers.Chunk(row % input.Length);
            case InputSource.Constants:
                return Constants(blueprint, input, step, chunk);
            case InputSource.Window:
                var start = Draw(blueprint, input, step, row / input.Length);
                return Number(input, evidence, 0, input.First + start + (row % input.Length) + input.Shift);
            case InputSource.DrawnRow:
                var drawn = input.First + Draw(blueprint, input, step, row);
                return evidence.Chunks(
                    evidence.Input(input.Index), input.BlobChunks, drawn * input.Layout.Blocks, input.Layout,
                    input.Layout.At(chunk).Block);
            default:
                var record = Draw(blueprint, input, step, row);
                return Number(input, evidence, input.Shift, input.First + record);
        }
    }

    private static int Draw(Blueprint blueprint, BlueprintInput input, long step, int sequence) =>
        DataDraw.Of(blueprint.Seed, step, blueprint.Worker, input.Sequence + sequence, input.Count);

    /// <summary>A chunk that holds one number of a one-row tensor; the last chunk of that row is opened as if it were full.</summary>
    private static byte[] Number(BlueprintInput input, Evidence evidence, long firstChunk, long number)
    {
        var opened = evidence.Chunks(
            evidence.Input(input.Index), input.BlobChunks, firstChunk + (number / Layout.BlockColumns),
            new Layout(1, Layout.BlockColumns), 0);
        var at = (int)(number % Layout.BlockColumns) * sizeof(uint);
        return Numbers.ChunkOfBits(BinaryPrimitives.ReadUInt32LittleEndian(opened.AsSpan(at)));
    }

    private static byte[] Constants(Blueprint blueprint, BlueprintInput input, long step, long chunk)
    {
        var columns = input.Layout.Columns;
        var first = (int)chunk * Layout.BlockColumns;
        var at = ((int)(step - blueprint.FirstStep) * columns) + first;
        return Numbers.ChunkOfBits(input.Constants.AsSpan(at, Math.Min(Layout.BlockColumns, columns - first)));
    }
}
