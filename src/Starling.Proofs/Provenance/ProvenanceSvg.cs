using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Starling.Proofs.Provenance;

/// <summary>Draws a graph as SVG. An edge points from what was used to what was made of it, and crosses no box.</summary>
public static class ProvenanceSvg
{
    private const string Grey = "#888888";

    public static string Draw(ProvenanceGraph graph)
    {
        var layout = new ProvenanceLayout(graph);
        var svg = new StringBuilder();
        Put(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {layout.Width} {layout.Height}\" ");
        Put(svg, $"width=\"{layout.Width}\" height=\"{layout.Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        Put(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        var passing = 0;
        foreach (var node in graph.Nodes)
        {
            foreach (var from in node.From)
            {
                if (layout[from].Row == layout[node.Id].Row + 1)
                    Edge(svg, layout[from], layout[node.Id]);
                else
                    Passing(svg, layout, layout[from], layout[node.Id], ++passing);
            }
        }

        foreach (var node in graph.Nodes)
            Box(svg, node, layout[node.Id]);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Edge(StringBuilder svg, ProvenanceBox from, ProvenanceBox to)
    {
        var middle = (from.Y + to.Bottom) / 2;
        Put(svg, $"<path d=\"M {from.Middle} {from.Y} C {from.Middle} {middle} {to.Middle} {middle} {to.Middle} {to.Bottom + 6}\" ");
        Put(svg, $"fill=\"none\" stroke=\"{Grey}\" stroke-width=\"1.5\"/>\n");
        Put(svg, $"<path d=\"M {to.Middle - 5} {to.Bottom + 9} l 5 -9 l 5 9 Z\" fill=\"{Grey}\"/>\n");
    }

    /// <summary>An edge that passes rows: up a lane of its own beside them, into the side of the box that it leads to.</summary>
    private static void Passing(StringBuilder svg, ProvenanceLayout layout, ProvenanceBox from, ProvenanceBox to, int number)
    {
        var (left, right) = layout.Extent(to.Row, from.Row - 1);
        var isLeft = from.Middle < layout.Width / 2;
        var lane = isLeft ? left - (ProvenanceLayout.Lane * (number + 1)) : right + (ProvenanceLayout.Lane * (number + 1));
        var (side, back) = isLeft ? (to.X, -1) : (to.Right, 1);
        var entry = to.Y + Math.Min(ProvenanceLayout.LineHeight * (number + 1), to.Height - ProvenanceLayout.Pad);
        var (turn, above) = (from.Y - (ProvenanceLayout.GapY / 2), from.Y - ProvenanceLayout.GapY);
        Put(svg, $"<path d=\"M {from.Middle} {from.Y} C {from.Middle} {turn} {lane} {turn} {lane} {above} ");
        Put(svg, $"L {lane} {entry + 14} Q {lane} {entry} {lane - (back * 14)} {entry} L {side + (back * 6)} {entry}\" ");
        Put(svg, $"fill=\"none\" stroke=\"{Grey}\" stroke-width=\"1.5\"/>\n");
        Put(svg, $"<path d=\"M {side + (back * 9)} {entry - 5} L {side} {entry} L {side + (back * 9)} {entry + 5} Z\" fill=\"{Grey}\"/>\n");
    }

    private static void Box(StringBuilder svg, ProvenanceNode node, ProvenanceBox box)
    {
        var (fill, edge) = node.Kind switch
        {
            ProvenanceKind.Model => ("#e8f3ea", "#2e7d46"),
            ProvenanceKind.Job => ("#e8eef8", "#2f5d9e"),
            ProvenanceKind.Source => ("#fbf1e2", "#a86a12"),
            _ => ("#f0eef4", "#6a5a8c"),
        };
        Put(svg, $"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{ProvenanceBox.Width}\" height=\"{box.Height}\" rx=\"6\" ");
        Put(svg, $"fill=\"{fill}\" stroke=\"{edge}\"/>\n");
        var y = box.Y + ProvenanceLayout.Pad + 11;
        var style = "font-weight=\"bold\"";
        foreach (var line in ProvenanceLines.Of(node))
        {
            Put(svg, $"<text x=\"{box.X + ProvenanceLayout.Pad}\" y=\"{y}\" {style} xml:space=\"preserve\">");
            Put(svg, $"{HtmlEncoder.Default.Encode(line)}</text>\n");
            (y, style) = (y + ProvenanceLayout.LineHeight, "fill=\"#444444\"");
        }
    }

    private static void Put(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
