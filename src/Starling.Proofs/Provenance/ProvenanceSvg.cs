using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Starling.Proofs.Provenance;

/// <summary>
/// Draws a graph as SVG by a small layered layout of its own: what was made stands above what it was made from, a node
/// as many rows down as the longest way to it, boxes of a row side by side in the order of their first use.
/// </summary>
public static class ProvenanceSvg
{
    private const int Width = 380;
    private const int Line = 17;
    private const int Pad = 12;
    private const int GapX = 36;
    private const int GapY = 56;
    private const int MostLetters = 52;

    public static string Draw(ProvenanceGraph graph)
    {
        var rows = Rows(graph);
        var wide = rows.Max(static r => r.Count);
        var width = (wide * (Width + GapX)) + GapX;
        var boxes = new Dictionary<string, (double X, double Y, double Height)>(StringComparer.Ordinal);
        double y = GapX;
        foreach (var row in rows)
        {
            var x = (width - (row.Count * (Width + GapX)) + GapX) / 2.0;
            foreach (var node in row)
            {
                boxes[node.Id] = (x, y, HeightOf(node));
                x += Width + GapX;
            }

            y += row.Max(HeightOf) + GapY;
        }

        var svg = new StringBuilder();
        Put(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {y - GapY + GapX}\" ");
        Put(svg, $"font-family=\"sans-serif\" font-size=\"12\">\n");
        Put(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        foreach (var node in graph.Nodes)
            foreach (var from in node.From)
                Edge(svg, boxes[from], boxes[node.Id]);
        foreach (var node in graph.Nodes)
            Box(svg, node, boxes[node.Id]);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Rows from the top: a node stands below everything that was made from it.</summary>
    private static List<List<ProvenanceNode>> Rows(ProvenanceGraph graph)
    {
        var depth = graph.Nodes.ToDictionary(static n => n.Id, static _ => 0, StringComparer.Ordinal);
        // Nodes stand before all that they were made from, so one pass finds the longest ways.
        foreach (var node in graph.Nodes)
            foreach (var from in node.From)
                depth[from] = Math.Max(depth[from], depth[node.Id] + 1);
        return [.. graph.Nodes.GroupBy(n => depth[n.Id]).OrderBy(static g => g.Key).Select(static g => g.ToList())];
    }

    private static int HeightOf(ProvenanceNode node) => (2 * Pad) + (Line * (node.Facts.Count + 1));

    private static void Edge(StringBuilder svg, (double X, double Y, double Height) from, (double X, double Y, double Height) to)
    {
        var (x1, y1) = (from.X + (Width / 2.0), from.Y);
        var (x2, y2) = (to.X + (Width / 2.0), to.Y + to.Height);
        var middle = (y1 + y2) / 2;
        Put(svg, $"<path d=\"M {x1} {y1} C {x1} {middle} {x2} {middle} {x2} {y2 + 6}\" ");
        Put(svg, $"fill=\"none\" stroke=\"#888888\" stroke-width=\"1.5\"/>\n");
        Put(svg, $"<path d=\"M {x2 - 5} {y2 + 9} L {x2} {y2} L {x2 + 5} {y2 + 9} Z\" fill=\"#888888\"/>\n");
    }

    private static void Box(StringBuilder svg, ProvenanceNode node, (double X, double Y, double Height) box)
    {
        var (fill, edge) = node.Kind switch
        {
            ProvenanceKind.Model => ("#e8f3ea", "#2e7d46"),
            ProvenanceKind.Job => ("#e8eef8", "#2f5d9e"),
            ProvenanceKind.Source => ("#fbf1e2", "#a86a12"),
            _ => ("#f0eef4", "#6a5a8c"),
        };
        Put(svg, $"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{Width}\" height=\"{box.Height}\" rx=\"6\" ");
        Put(svg, $"fill=\"{fill}\" stroke=\"{edge}\"/>\n");
        var y = box.Y + Pad + 11;
        Text(svg, box.X + Pad, y, $"{ProvenanceText.Word(node.Kind)} {node.Title}", "font-weight=\"bold\"");
        foreach (var fact in node.Facts)
            Text(svg, box.X + Pad, y += Line, $"{fact.Key}: {fact.Value}", "fill=\"#444444\"");
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string style)
    {
        var shown = text.Length <= MostLetters ? text : $"{text[..(MostLetters - 9)]}…{text[^8..]}";
        Put(svg, $"<text x=\"{x}\" y=\"{y}\" {style}>{HtmlEncoder.Default.Encode(shown)}</text>\n");
    }

    private static void Put(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
