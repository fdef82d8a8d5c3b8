using Starling.Protocol.Hashing;

namespace Starling.Proofs.Provenance;

/// <summary>What a node of a provenance graph is.</summary>
public enum ProvenanceKind
{
    /// <summary>A file that a job gave, or weights that one starts from.</summary>
    Model = 1,

    /// <summary>A job, as its verified receipt tells it.</summary>
    Job = 2,

    /// <summary>Bytes that no receipt at hand made: where the graph ends.</summary>
    Source = 3,

    /// <summary>Arithmetic and programs: with the inputs, all that the results follow from.</summary>
    Code = 4,
}

/// <summary>One thing that a model comes from.</summary>
/// <param name="Id">Content id of a model or source, id of a job, versions of code: unique in the graph.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">Its name, for people.</param>
/// <param name="Facts">What is known of it, by name, in order.</param>
/// <param name="From">What it was made from, by id.</param>
public sealed record ProvenanceNode(
    string Id, ProvenanceKind Kind, string Title, IReadOnlyList<KeyValuePair<string, string>> Facts, IReadOnlyList<string> From);

/// <summary>Everything that a model comes from, as far as the receipts at hand reach. Ids name nodes; no node reaches itself.</summary>
/// <param name="Root">What was asked for.</param>
/// <param name="Nodes">By id, what is made before what it is made from.</param>
public sealed record ProvenanceGraph(ProvenanceNode Root, IReadOnlyList<ProvenanceNode> Nodes)
{
    public ProvenanceNode this[string id] => Nodes.First(n => n.Id == id);

    internal static string IdOf(Hash256 content) => new ContentId(content).ToString();
}
