using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Starling.Proofs.Provenance;

/// <summary>Writes a graph as a tree for people, as JSON, or in the language of Graphviz.</summary>
public static class ProvenanceText
{
    /// <summary>A tree; what stands further up already is only named.</summary>
    public static string Tree(ProvenanceGraph graph)
    {
        var text = new StringBuilder();
        Branch(graph, graph.Root, text, "", "", []);
        return text.ToString();
    }

    public static byte[] Json(ProvenanceGraph graph)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("root", graph.Root.Id);
            json.WriteStartArray("nodes");
            foreach (var node in graph.Nodes)
                Write(json, node);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A digraph whose edges point from what was used to what was made of it.</summary>
    public static string Dot(ProvenanceGraph graph)
    {
        var text = new StringBuilder("digraph provenance {\n  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        foreach (var node in graph.Nodes)
        {
            var lines = node.Facts.Select(static f => $"{f.Key}: {f.Value}").Prepend($"{Word(node.Kind)} {node.Title}");
            var label = string.Join("\\n", lines.Select(Escape));
            text.Append($"  \"{Escape(node.Id)}\" [label=\"{label}\"];\n");
        }

        foreach (var node in graph.Nodes)
            foreach (var from in node.From)
                text.Append($"  \"{Escape(from)}\" -> \"{Escape(node.Id)}\";\n");
        return text.Append("}\n").ToString();
    }

    internal static string Word(ProvenanceKind kind) => kind.ToString().ToLowerInvariant();

    // Titles come from other people's job files.
    private static string Escape(string text) =>
        new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", " ").Replace("\r", " ").ToString();

    private static void Branch(
        ProvenanceGraph graph, ProvenanceNode node, StringBuilder text, string head, string rest, HashSet<string> seen)
    {
        var isNew = seen.Add(node.Id);
        text.Append(head).Append(Word(node.Kind)).Append(' ').Append(node.Title).Append(isNew ? "\n" : " (as above)\n");
        if (!isNew)
            return;
        var stem = rest + (node.From.Count > 0 ? "│   " : "    ");
        foreach (var fact in node.Facts)
            text.Append(stem).Append(fact.Key).Append(": ").Append(fact.Value).Append('\n');
        for (var i = 0; i < node.From.Count; i++)
        {
            var isLast = i == node.From.Count - 1;
            Branch(
                graph, graph[node.From[i]], text, rest + (isLast ? "└── " : "├── "), rest + (isLast ? "    " : "│   "), seen);
        }
    }

    private static void Write(Utf8JsonWriter json, ProvenanceNode node)
    {
        json.WriteStartObject();
        json.WriteString("id", node.Id);
        json.WriteString("kind", Word(node.Kind));
        json.WriteString("title", node.Title);
        json.WriteStartObject("facts");
        foreach (var fact in node.Facts)
            json.WriteString(fact.Key, fact.Value);
        json.WriteEndObject();
        json.WriteStartArray("from");
        foreach (var from in node.From)
            json.WriteStringValue(from);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
