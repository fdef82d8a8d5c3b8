using System.Buffers.Binary;
using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Programs.Tasks;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>A side of a dispute about a task of one step with one operator, whose operands are the task's inputs.</summary>
internal sealed class GraphSide : IDisputeSide
{
    private readonly byte[][] _values;
    private readonly GraphTree _tree;
    private readonly byte[] _zeros;
    private PartRun? _lie;

    public GraphSide(KernelCase c, PinnedTensor[] inputs)
    {
        GraphBuilder graph = new();
        Value[] operands = [.. inputs.Select((input, i) => graph.Input($"operand {i}", input.Shape))];
        graph.Output("result", graph.Apply(c.Operator, operands));
        _tree = new GraphTree(graph.Build(), [], []);
        PinnedTensor result = new(c.OutputShape);
        new ScalarBackend().Run(c.Operator, PinnedTensor.Views(inputs), result.View);
        _values = [.. inputs.Select(Padded), Padded(result)];
        _zeros = new byte[_values[^1].Length];
        Inputs = [.. _values[..^1].Select(bytes => Blake3.Hash(bytes))];
        Blueprint = new Blueprint(
            _tree.Root, _tree.LeafCount, _values.Length, 0, 1, 1, 0, 0, [.. inputs.Select((input, i) => Source(i, input.Shape))],
            [new StateTensor(LayoutOf(c.OutputShape), inputs.Length, -1, 0, 0)], false,
            [new OutputRule(OutputKind.State) { Count = 1 }], -1, 0);
    }

    /// <summary>Whether this side says that the step is not finite, and so has no state after it.</summary>
    public bool StopsBefore { get; init; }

    public Blueprint Blueprint { get; }

    public byte[] Spec => RecordCodec.Encode(new TaskSpec("one operator", 1, 1, [], Inputs));

    public Hash256[] Inputs { get; }

    public Hash256[] Outputs => Claim.Outputs;

    public int Fault => StopsBefore ? 1 : 0;

    public ResultClaim Claim => StopsBefore
        ? new([Blake3.Hash(Metrics)], MerkleTree.Root(Trace(1)), 2) { Fault = 1 }
        : new([Blake3.Hash(_values[^1])], MerkleTree.Root(Trace(0)), 2);

    public int ResultValue => _values.Length - 1;

    private static byte[] Metrics => new TaskMetrics(0, [], 0, null, null, Blueprint.FaultText(1)).Encode();

    private Hash256 Before => MerkleTree.Root([Blake3.Hash(_zeros)]);

    private Hash256 After => MerkleTree.Root([Blake3.Hash(_values[^1])]);

    /// <summary>Changes one bit of what a part of a chunk leaves, and goes on from there as the rules say. Gives the part.</summary>
    public int Lie(long chunk, Random random)
    {
        PartRun honest = PartRun.Of(this, 0, ResultValue, chunk);
        GraphValue node = GraphTree.Decode(_tree.Encoded(ResultValue));
        Referee referee = Referee.Of(node.Operator!, node.InputShapes, chunk);
        int part = random.Next(referee.Parts);
        byte[][] left = [.. honest.Left, _values[^1].AsSpan((int)chunk * 1024, 1024).ToArray()];
        byte[] right = left[^1];
        left[part] = (byte[])left[part].Clone();
        left[part][2] ^= 0x80;
        for (int next = part + 1; next < left.Length; next++)
            left[next] = referee.Next(next, left[next - 1], (operand, chunks) =>
                [.. chunks.SelectMany(c => _values[node.Inputs[operand].Index].AsSpan((int)c * 1024, 1024).ToArray())]);
        if (part < left.Length - 1 && left[^1].AsSpan().SequenceEqual(right))
            return -1;
        left[^1].CopyTo(_values[^1], chunk * 1024);
        Hash256[] leaves = [.. left.Select(bytes => Blake3.Hash(bytes))];
        leaves[^1] = PartRun.Of(this, 0, ResultValue, chunk).Leaves[^1];
        _lie = new PartRun(leaves, left[..^1]);
        return part;
    }

    public (byte[] Encoded, Hash256[] Path) Node(int value) => (_tree.Encoded(value), _tree.Prove(value));

    public Hash256[] Trace(int fault) => fault > 0 ? [Before, MerkleTree.Root(ValueRoots(0))] : StopsBefore ? [Before] : [Before, After];

    public Hash256[] StepRoots(int interval) => StopsBefore ? [] : [After];

    public Hash256[] StateLeaves(int steps) => [Blake3.Hash(steps == 0 ? _zeros : _values[^1])];

    public Hash256[] ValueRoots(int step) => [.. _values.Select(bytes => Blake3.Hash(bytes))];

    public Hash256[] LeavesAfter(int step) => StateLeaves(1);

    public PartRun Parts(int step, int value, long chunk) => _lie ?? PartRun.Of(this, step, value, chunk);

    public byte[] ValueBytes(int step, int value) => _values[value];

    public byte[]? Blob(Hash256 content) => Array.Find([.. _values, Metrics], bytes => Blake3.Hash(bytes) == content);

    public void Dispose()
    {
        // Nothing but memory.
    }

    private static BlueprintInput Source(int input, Shape shape) => new(
        InputSource.Blob, LayoutOf(shape), input, LayoutOf(shape).Chunks, 0, 0, 0, 0, []);

    private static Layout LayoutOf(Shape shape) => new(shape.Rows, shape.Columns);

    private static byte[] Padded(PinnedTensor tensor)
    {
        Layout layout = LayoutOf(tensor.Shape);
        byte[] bytes = new byte[layout.Bytes];
        for (int row = 0; row < layout.Rows; row++)
            for (int column = 0; column < layout.Columns; column++)
                BinaryPrimitives.WriteSingleLittleEndian(
                    bytes.AsSpan((row * layout.Blocks * 1024) + (column * sizeof(float))), tensor.View.Row(row)[column]);
        return bytes;
    }
}
