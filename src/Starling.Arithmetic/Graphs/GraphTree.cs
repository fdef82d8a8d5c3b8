using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Arithmetic.Graphs;

/// <summary>
/// The tree that commits to a graph. Leaf i is value i (inputs first, then nodes), so "operator n of step s" is one leaf
/// with one proof; the outputs follow. Its root stands in the task's issue on the ledger.
/// </summary>
public sealed class GraphTree
{
    private const string LeafDomain = "graph value";

    private readonly byte[][] _encoded;
    private readonly Hash256[] _leaves;

    /// <param name="graph">One step.</param>
    /// <param name="stateInputs">Per leaf of the state, the input that holds it.</param>
    /// <param name="stateOutputs">Per leaf of the state, the output that it becomes.</param>
    public GraphTree(Graph graph, IReadOnlyList<string> stateInputs, IReadOnlyList<string> stateOutputs)
    {
        Graph = graph;
        var inputs = LeafByName(stateInputs);
        var outputs = LeafByName(stateOutputs);
        _encoded =
        [
            .. graph.Inputs.Select(v => Encode(new GraphValue(v.Name, null, [], [], v.Shape, Leaf(inputs, v.Name)))),
            .. graph.Nodes.Select(n => Encode(new GraphValue(
                null, n.Operator, n.Inputs, Array.ConvertAll(n.Inputs, graph.ShapeOf), n.Shape, null))),
            .. graph.Outputs.Select(v => Encode(new GraphValue(
                v.Name, null, [v.Value], [graph.ShapeOf(v.Value)], graph.ShapeOf(v.Value), Leaf(outputs, v.Name)))),
        ];
        _leaves = Array.ConvertAll(_encoded, static bytes => LeafOf(bytes));
        Root = MerkleTree.Root(_leaves);
    }

    public Graph Graph { get; }

    public Hash256 Root { get; }

    /// <summary>Values and outputs together.</summary>
    public int LeafCount => _leaves.Length;

    /// <summary>The encoded bytes of a leaf: what a dispute shows to the ledger.</summary>
    public byte[] Encoded(int leaf) => _encoded[leaf];

    /// <summary>The proof that a leaf belongs to <see cref="Root"/>.</summary>
    public Hash256[] Prove(int leaf) => MerkleTree.Prove(_leaves, leaf);

    /// <summary>Whether these bytes are the given leaf of the graph with this root.</summary>
    public static bool Verify(Hash256 root, long count, long index, ReadOnlySpan<byte> encoded, ReadOnlySpan<Hash256> path) =>
        MerkleTree.Verify(root, count, index, LeafOf(encoded), path);

    /// <exception cref="DecodeException">Not exactly one well-formed leaf.</exception>
    public static GraphValue Decode(ReadOnlyMemory<byte> encoded) => RecordCodec.Decode<GraphValue>(encoded);

    private static Hash256 LeafOf(ReadOnlySpan<byte> encoded) => Blake3.Hash(LeafDomain, encoded);

    private static byte[] Encode(GraphValue value) => RecordCodec.Encode(value);

    private static Dictionary<string, int> LeafByName(IReadOnlyList<string> names)
    {
        Dictionary<string, int> leaves = new(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
            leaves.Add(names[i], i);
        return leaves;
    }

    private static int? Leaf(Dictionary<string, int> leaves, string name) =>
        leaves.TryGetValue(name, out var leaf) ? leaf : null;
}
