using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Starling.Bench;

/// <summary>Prints rows as a Markdown table or as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Json(IEnumerable<Row> rows) => Console.WriteLine(JsonSerializer.Serialize(rows, s_json));

    public static void Markdown(string machine, IEnumerable<Row> rows)
    {
        Console.WriteLine(machine);
        Console.WriteLine();
        Console.WriteLine("| what | unit | ours | peer | ratio | target |");
        Console.WriteLine("|---|---|---:|---:|---:|---|");
        foreach (var row in rows)
        {
            Console.WriteLine(
                $"| {row.What.Replace("|", "\\|", StringComparison.Ordinal)} | {row.Unit} | {Number(row.Ours)} "
                + $"| {Number(row.Peer)} | {Number(row.Ratio)} | {Target(row)} |");
        }
    }

    public static string Number(double? value) => value switch
    {
        null => "",
        >= 100 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static string Target(Row row) => row.Met switch
    {
        true => $"{row.Target}: met",
        false => $"{row.Target}: **not met**",
        null => row.Target ?? "",
    };
}
