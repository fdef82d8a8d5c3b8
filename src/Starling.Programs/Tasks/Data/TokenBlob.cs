using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Programs.Tasks.Data;

/// <summary>Tokens as a tensor blob: one row of fp32 whole numbers, so that a dispute opens data like any tensor.</summary>
internal static class TokenBlob
{
    public static TensorLayout Layout(int tokens) => TensorLayout.Create([("tokens", new Shape(1, tokens))]);

    public static byte[] Encode(ReadOnlySpan<byte> text)
    {
        using TensorMemory memory = new(Layout(text.Length));
        var row = memory.Tensors[0].Span;
        for (var i = 0; i < text.Length; i++)
            row[i] = text[i];
        return StateBlob.Encode(memory);
    }

    /// <exception cref="TaskRefusedException">Not so many tokens of the vocabulary.</exception>
    public static int[] Decode(TaskInputs inputs, int index, int count, int vocabulary)
    {
        using TensorMemory memory = new(Layout(count));
        inputs.Read(index, memory);
        var row = memory.Tensors[0].Span;
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (row[i] < 0 || row[i] >= vocabulary || row[i] != (int)row[i])
                throw inputs.Refuse(index, $"token {i} is none of the vocabulary");
            tokens[i] = (int)row[i];
        }

        return tokens;
    }
}
