using System.Globalization;

namespace Starling.Compute.Training;

/// <summary>
/// Names of the data inputs of a step that accumulates gradients: those of the first micro-batch have the plain names,
/// those of micro-batch m the same with ".m" behind.
/// </summary>
public static class MicroBatch
{
    /// <summary>The input that holds <paramref name="input"/> of one micro-batch.</summary>
    public static string NameOf(string input, int microBatch) =>
        microBatch == 0 ? input : string.Create(CultureInfo.InvariantCulture, $"{input}.{microBatch}");

    /// <summary>The plain name and the micro-batch of an input's name; 0 where no number follows.</summary>
    public static (string Input, int MicroBatch) Parse(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot > 0 && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? (name[..dot], number)
            : (name, 0);
    }
}
