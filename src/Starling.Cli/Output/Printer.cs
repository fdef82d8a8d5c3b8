using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Starling.Cli.Output;

/// <summary>Writes results on standard output, as one document in the format that was asked for.</summary>
internal sealed class Printer(string format)
{
    public const string Table = "table";
    public const string Json = "json";
    public const string Yaml = "yaml";

    /// <summary>True when people read along.</summary>
    public bool ForPeople => format == Table;

    /// <summary>
    /// Writes a result. Its type's description and the console are asked for only where they are used: they cost a
    /// command that answers in milliseconds more than its answer.
    /// </summary>
    public void Print<T>(T result, Func<CliJson, JsonTypeInfo<T>> type, Action table)
    {
        if (ForPeople)
            table();
        else
            Console.Out.WriteLine(Document(JsonSerializer.SerializeToNode(result, type(CliJson.Default))!));
    }

    private string Document(JsonNode node) => format == Json
        ? node.ToJsonString(new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        })
        : YamlText.Write(node).TrimEnd('\n');

    /// <summary>A table for people: plain when the output is no terminal.</summary>
    public static void Rows(IReadOnlyList<string> headers, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var header in headers)
            table.AddColumn(new TableColumn(new Text(header.ToUpperInvariant())) { NoWrap = true });
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        var console = AnsiConsole.Console;
        console.Profile.Width = Console.IsOutputRedirected ? 400 : console.Profile.Width;
        console.Write(table);
    }

    public static void Pairs(params (string Name, string? Value)[] pairs)
    {
        var width = pairs.Max(p => p.Name.Length) + 2;
        foreach (var (name, value) in pairs)
            if (value is not null)
                Console.Out.WriteLine(name.PadRight(width) + value);
    }
}
