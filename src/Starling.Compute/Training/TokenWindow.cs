using Starling.Arithmetic;

namespace Starling.Compute.Training;

/// <summary>Puts a window of tokens into a batch: each token's target is the next one.</summary>
internal static class TokenWindow
{
    /// <summary>Copies a window of length + 1 tokens to the rows of one sequence.</summary>
    public static void Copy(ReadOnlySpan<int> window, int sequence, TensorView data, TensorView targets)
    {
        int length = window.Length - 1;
        Span<float> ids = data.Span.Slice(sequence * length, length);
        Span<float> next = targets.Span.Slice(sequence * length, length);
        for (int i = 0; i < length; i++)
        {
            ids[i] = window[i];
            next[i] = window[i + 1];
        }
    }
}
