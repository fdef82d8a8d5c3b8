using System.Globalization;
using System.Text;

namespace Starling.Host.OpenAi.Keys;

/// <summary>Usage as a table that spreadsheets read.</summary>
public static class Invoice
{
    public static string Csv(IEnumerable<UsageRow> rows)
    {
        var text = new StringBuilder("day,key,name,model,requests,prompt_tokens,completion_tokens,cost_usd\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"{row.Day:yyyy-MM-dd},{Cell(row.Key)},{Cell(row.Name)},{Cell(row.Model)},")
                .Append(CultureInfo.InvariantCulture, $"{row.Requests},{row.Prompt},{row.Completion},{row.Cost / 1_000_000m:0.000000}\n");
        return text.ToString();
    }

    // A name that begins like a formula would be run by a spreadsheet.
    private static string Cell(string value) =>
        $"\"{(value.Length > 0 && "=+-@\t".Contains(value[0]) ? "'" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
