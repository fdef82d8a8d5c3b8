using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Starling.Arithmetic.Reference;
using Starling.Proofs.Provenance;
using Starling.Proofs.Receipts;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Proofs.Provenance;

/// <summary>Two jobs, the second from the first one's model: provenance crosses receipts.</summary>
public class ProvenanceTests
{
    private static readonly ReceiptReport s_first = FinishedJob.Tiny.Verify(FinishedJob.Tiny.Bytes, FinishedJob.Tiny.Files);
    private static readonly ReceiptReport s_second = FinishedJob.Continued.Verify(FinishedJob.Continued.Bytes, FinishedJob.Continued.Files);

    [Fact]
    public void A_job_that_starts_from_a_model_runs_is_proven_and_replays()
    {
        var job = FinishedJob.Continued;
        Assert.Null(s_second.Failure);
        Assert.Equal("import", job.Run.Plan.Nodes.Single(n => n.Name == "initial").Kind);
        var init = FinishedJob.Tiny.Files.Single(f => f.Path == "model.safetensors").Bytes;
        Assert.Equal(Blake3.Hash(init.Span), job.Spec.Init!.Content);
        var replay = ReceiptReplay.Run(
            job.Receipt, ReplaySample.All, c => c == job.Spec.Init.Content ? init : c == job.Spec.Dataset.Content ? job.Dataset : default(ReadOnlyMemory<byte>?),
            new ScalarBackend(), static (_, _, _) => { });
        Assert.True(replay.Holds, replay.Problem);
    }

    [Fact]
    public void The_graph_reaches_through_both_jobs_to_the_raw_data()
    {
        var graph = Build([s_first, s_second], ModelOf(FinishedJob.Continued));
        Assert.Equal(2, graph.Nodes.Count(n => n.Kind == ProvenanceKind.Job));
        Assert.Equal(2, graph.Nodes.Count(n => n.Kind == ProvenanceKind.Model));
        var source = Assert.Single(graph.Nodes, n => n.Kind == ProvenanceKind.Source);
        Assert.Equal(ContentId.Of(FinishedJob.Tiny.Dataset).ToString(), source.Id);
        Assert.Equal(graph.Root, graph.Nodes[0]);
        var places = graph.Nodes.Select((n, i) => (n.Id, i)).ToDictionary(p => p.Id, p => p.i);
        Assert.All(graph.Nodes, n => Assert.All(n.From, f => Assert.True(places[f] > places[n.Id])));
    }

    [Fact]
    public void Without_the_first_receipt_its_model_is_where_the_graph_ends()
    {
        var graph = Build([s_second], ModelOf(FinishedJob.Continued));
        Assert.Single(graph.Nodes, n => n.Kind == ProvenanceKind.Job);
        Assert.Contains(graph.Nodes, n => n.Kind == ProvenanceKind.Source && n.Id == new ContentId(ModelOf(FinishedJob.Tiny)).ToString());
    }

    [Fact]
    public void A_receipt_that_does_not_verify_counts_for_nothing()
    {
        var forged = FinishedJob.Tiny.Verify([.. FinishedJob.Tiny.Bytes[..^1], 0]);
        Assert.False(new ProvenanceBuilder([forged]).Knows(ModelOf(FinishedJob.Tiny)));
    }

    [Fact]
    public void Tree_JSON_Graphviz_and_SVG_name_every_node()
    {
        var graph = Build([s_first, s_second], ModelOf(FinishedJob.Continued));
        var tree = ProvenanceText.Tree(graph);
        Assert.Equal(2, tree.Split("made by: no receipt at hand").Length);
        Assert.Contains("(as above)", tree, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ProvenanceText.Json(graph));
        Assert.Equal(graph.Nodes.Count, json.RootElement.GetProperty("nodes").GetArrayLength());
        var dot = ProvenanceText.Dot(graph);
        Assert.All(graph.Nodes, n => Assert.Contains($"\"{n.Id}\" [label=", dot, StringComparison.Ordinal));
        var svg = XDocument.Parse(ProvenanceSvg.Draw(graph));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(graph.Nodes.Count + 1, svg.Descendants(ns + "rect").Count());
        Assert.Equal(2 * graph.Nodes.Sum(n => n.From.Count), svg.Descendants(ns + "path").Count());
    }

    [Fact]
    public void Names_of_strangers_cannot_break_any_of_them()
    {
        const string Nasty = "a\"b\\c<d>&e]]>\u001b[31m\n";
        var node = new ProvenanceNode(Nasty, ProvenanceKind.Source, Nasty, [new(Nasty, Nasty)], []);
        var graph = new ProvenanceGraph(node, [node]);
        using var json = JsonDocument.Parse(ProvenanceText.Json(graph));
        Assert.Equal(Nasty, json.RootElement.GetProperty("root").GetString());
        Assert.DoesNotContain("\n\"", ProvenanceText.Dot(graph), StringComparison.Ordinal);
        var svg = ProvenanceSvg.Draw(graph);
        Assert.DoesNotContain("<d>", svg, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(svg).Root);
    }

    [Fact]
    public void No_line_is_longer_than_its_box_and_no_edge_crosses_one()
    {
        var graph = Build([s_first, s_second], ModelOf(FinishedJob.Continued));
        var layout = new ProvenanceLayout(graph);
        Assert.All(graph.Nodes.SelectMany(ProvenanceLines.Of), line => Assert.InRange(line.Length, 1, ProvenanceLines.Words));
        Assert.Contains(graph.Nodes, n => n.From.Any(f => layout[f].Row > layout[n.Id].Row + 1));
        var boxes = graph.Nodes.Select(n => layout[n.Id]).ToArray();
        // Vertical pieces of lanes, and where they run.
        var drawn = ProvenanceSvg.Draw(graph);
        Assert.Matches(@" L [\d.]+ [\d.]+ Q", drawn);
        foreach (Match lane in Regex.Matches(drawn, @"([\d.]+) ([\d.]+) L ([\d.]+) ([\d.]+) Q"))
        {
            var (x, below, above) = (Number(lane, 1), Number(lane, 2), Number(lane, 4));
            Assert.DoesNotContain(boxes, b => x > b.X && x < b.Right && below > b.Y && above < b.Bottom);
            Assert.InRange(x, 1, layout.Width - 1);
        }
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static ProvenanceGraph Build(ReceiptReport[] receipts, Hash256 content) => new ProvenanceBuilder(receipts).Build(content, "model");

    private static Hash256 ModelOf(FinishedJob job) => job.Receipt.Model!.Files.Single(f => f.Path == "model.safetensors").Content;
}
