using System.Buffers.Text;
using System.Globalization;

namespace Starling.Programs.Tables;

/// <summary>
/// A table read from CSV: numbers, the last column a class from 0 on. The first line holds names, or, as scikit-learn
/// ships its tables, the number of rows, the number of features and the names of the classes.
/// </summary>
public sealed record TableFile(float[] Features, int Columns, int[] Labels)
{
    public const int MaxRows = 10_000_000;
    public const int MaxColumns = 1 << 14;
    private const int MaxLabel = 1 << 14;

    public int Rows => Labels.Length;

    /// <summary>Classes, if every one from 0 to the largest label counts.</summary>
    public int Classes => Labels.Max() + 1;

    /// <summary>Reads a table; on a problem returns null and says which line and column is wrong.</summary>
    public static TableFile? Parse(ReadOnlySpan<byte> csv, out string problem)
    {
        List<float> features = [];
        List<int> labels = [];
        int columns = 0, line = 0;
        foreach (var range in csv.Split((byte)'\n'))
        {
            line++;
            var text = csv[range].TrimEnd((byte)'\r');
            if (line == 1 || text.IsEmpty)
                continue;
            var fields = text.Count((byte)',') + 1;
            columns = columns == 0 ? fields - 1 : columns;
            problem = fields != columns + 1 ? $"line {line} has {fields} columns, the first row has {columns + 1}"
                : columns is 0 or > MaxColumns ? $"line {line} has {fields} columns; a table has 2 to {MaxColumns + 1}"
                : labels.Count == MaxRows ? $"more than {MaxRows} rows"
                : Row(text, line, columns, features, labels);
            if (problem.Length > 0)
                return null;
        }

        problem = labels.Count == 0 ? "no rows below the first line" : "";
        return problem.Length == 0 ? new TableFile([.. features], columns, [.. labels]) : null;
    }

    private static string Row(ReadOnlySpan<byte> text, int line, int columns, List<float> features, List<int> labels)
    {
        var column = 0;
        foreach (var range in text.Split((byte)','))
        {
            column++;
            var field = text[range].Trim((byte)' ');
            if (column <= columns)
            {
                if (!TryNumber(field, out var value))
                    return $"line {line}, column {column} is no finite number";
                features.Add(value);
            }
            else if (!Utf8Parser.TryParse(field, out int label, out var used) || used != field.Length || label is < 0 or > MaxLabel)
            {
                return $"line {line}: the last column is no class from 0 to {MaxLabel}";
            }
            else
            {
                labels.Add(label);
            }
        }

        return "";
    }

    private static bool TryNumber(ReadOnlySpan<byte> field, out float value)
    {
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return float.TryParse(field, Style, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
    }
}
