namespace Starling.Proofs.Provenance;

/// <summary>A node's place: its upper left corner, its height and its row from the top.</summary>
internal readonly record struct ProvenanceBox(double X, double Y, double Height, int Row)
{
    public const double Width = 380;

    public double Middle => X + (Width / 2);

    public double Right => X + Width;

    public double Bottom => Y + Height;
}

/// <summary>
/// A small layered layout: what was made stands above what it was made from, a node as many rows down as the longest way
/// to it, boxes of a row side by side in the order of their first use. Beside the rows is room for the lanes of edges
/// that pass a row.
/// </summary>
internal sealed class ProvenanceLayout
{
    public const double LineHeight = 17;
    public const double Pad = 12;
    public const double GapY = 56;
    public const double Lane = 14;
    private const double GapX = 36;

    private readonly Dictionary<string, ProvenanceBox> _boxes = new(StringComparer.Ordinal);

    public ProvenanceLayout(ProvenanceGraph graph)
    {
        var depth = DepthsOf(graph);
        var rows = graph.Nodes.GroupBy(n => depth[n.Id]).OrderBy(static g => g.Key).Select(static g => g.ToList()).ToList();
        var passing = graph.Nodes.Sum(n => n.From.Count(f => depth[f] > depth[n.Id] + 1));
        var margin = GapX + (passing * Lane);
        var wide = rows.Max(static r => r.Count);
        Width = (wide * (ProvenanceBox.Width + GapX)) - GapX + (2 * margin);
        var y = GapX;
        foreach (var row in rows)
        {
            var x = (Width - (row.Count * (ProvenanceBox.Width + GapX)) + GapX) / 2;
            foreach (var node in row)
            {
                _boxes[node.Id] = new ProvenanceBox(x, y, HeightOf(node), depth[node.Id]);
                x += ProvenanceBox.Width + GapX;
            }

            y += row.Max(HeightOf) + GapY;
        }

        Height = y - GapY + GapX;
    }

    public double Width { get; }

    public double Height { get; }

    public ProvenanceBox this[string id] => _boxes[id];

    /// <summary>From where to where the boxes of some rows reach.</summary>
    public (double Left, double Right) Extent(int firstRow, int lastRow)
    {
        var within = _boxes.Values.Where(b => b.Row >= firstRow && b.Row <= lastRow).ToArray();
        return (within.Min(static b => b.X), within.Max(static b => b.Right));
    }

    /// <summary>Rows from the top: a node stands below everything that was made from it.</summary>
    private static Dictionary<string, int> DepthsOf(ProvenanceGraph graph)
    {
        var depth = graph.Nodes.ToDictionary(static n => n.Id, static _ => 0, StringComparer.Ordinal);
        // Nodes stand before all that they were made from, so one pass finds the longest ways.
        foreach (var node in graph.Nodes)
            foreach (var from in node.From)
                depth[from] = Math.Max(depth[from], depth[node.Id] + 1);
        return depth;
    }

    private static double HeightOf(ProvenanceNode node) => (2 * Pad) + (LineHeight * ProvenanceLines.Of(node).Count);
}
