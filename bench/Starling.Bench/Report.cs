using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace Starling.Bench;

/// <summary>Prints rows as a Markdown table with the machine's description, or as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Json(IEnumerable<Row> rows) => Console.WriteLine(JsonSerializer.Serialize(rows, s_json));

    public static void Markdown(IReadOnlyCollection<Row> rows)
    {
        Console.WriteLine(Machine());
        Console.WriteLine();
        Console.WriteLine("| what | unit | ours | peer | ratio | target |");
        Console.WriteLine("|---|---|---:|---:|---:|---|");
        foreach (var row in rows)
        {
            Console.WriteLine(
                $"| {row.What} | {row.Unit} | {Number(row.Ours)} | {Number(row.Peer)} | {Number(row.Ratio)} | {row.Target} |");
        }
    }

    private static string Number(double? value) => value switch
    {
        null => "",
        >= 100 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var width = Avx512F.IsSupported ? "AVX-512" : Fma.IsSupported ? "AVX2+FMA" : "no FMA";
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {width}, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }
}
