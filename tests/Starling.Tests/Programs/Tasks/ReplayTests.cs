using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Starling.Programs.Blueprints;
using Starling.Programs.Plans;
using Starling.Programs.Replay;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Tests.Programs.Jobs;
using Starling.Tests.Programs.Plans;
using Xunit;

namespace Starling.Tests.Programs.Tasks;

public sealed class ReplayTests
{
    private static readonly LocalRun s_run = Finish();

    [Theory]
    [InlineData("inner/0/0")]
    [InlineData("inner/1/1")]
    [InlineData("inner/2/0")]
    [InlineData("merge/0")]
    [InlineData("merge/2")]
    public void A_replay_gives_the_committed_trace_and_everything_under_it(string node)
    {
        var task = TaskOf(node);
        var claim = s_run.Results[node].Claim;
        using var replay = Open(task);
        var trace = replay.Trace();
        Assert.Equal(claim.TraceLength, trace.Length);
        Assert.Equal(claim.Trace, MerkleTree.Root(trace));
        Assert.Equal(TaskBlueprints.Of(task.Spec)!.Graph, replay.Graph.Root);
        Assert.Equal(task.Graph, TaskBlueprints.Of(task.Spec)!.Hash());
        for (var state = 0; state + 1 < trace.Length; state++)
        {
            var steps = replay.StepRoots(state);
            Assert.Equal(replay.StepOfState(state + 1) - replay.StepOfState(state), steps.Length);
            Assert.Equal(trace[state + 1], steps[^1]);
            Assert.Equal(trace[state], MerkleTree.Root(replay.StateLeaves(replay.StepOfState(state))));
        }
    }

    [Theory]
    [InlineData("inner/1/0", 2)]
    [InlineData("merge/1", 0)]
    public void Values_of_a_step_link_the_state_before_to_the_state_after(string node, int step)
    {
        using var replay = Open(TaskOf(node));
        var values = replay.ValueRoots(step);
        var before = replay.StateLeaves(step);
        var after = replay.StateLeaves(step + 1);
        var graph = replay.Graph;
        HashSet<int> linkedBefore = [], linkedAfter = [];
        for (var leaf = 0; leaf < graph.LeafCount; leaf++)
        {
            var value = GraphTree.Decode(graph.Encoded(leaf));
            Assert.True(GraphTree.Verify(graph.Root, graph.LeafCount, leaf, graph.Encoded(leaf), graph.Prove(leaf)));
            if (value is { IsInput: true, StateLeaf: { } first } && linkedBefore.Add(first))
                Assert.Equal(before[first], values[leaf]);
            if (value is { IsOutput: true, StateLeaf: { } last } && linkedAfter.Add(last))
                Assert.Equal(after[last], values[value.Inputs[0].Index]);
        }

        var tensors = node.StartsWith("inner", StringComparison.Ordinal) ? before.Length - 1 : before.Length;
        Assert.Equal(Enumerable.Range(0, tensors), linkedBefore.Order());
        Assert.Equal(Enumerable.Range(0, tensors), linkedAfter.Order());
    }

    [Fact]
    public void The_bytes_of_a_value_have_its_root_and_recompute_their_operator()
    {
        using var replay = Open(TaskOf("inner/1/0"));
        var roots = replay.ValueRoots(1);
        for (var i = 0; i < roots.Length; i += 7)
            Assert.Equal(roots[i], Blake3.Hash(replay.ValueBytes(1, new ValueId(i))));
    }

    [Fact]
    public void A_wrong_operator_shows_at_its_own_value_first()
    {
        var task = TaskOf("inner/0/1");
        using var honest = Open(task);
        using var liar = TraceReplay.Open(task.Spec, s_run.InputsOf(task.Spec), new LyingBackend(), out _)!;
        var (right, wrong) = (honest.ValueRoots(0), liar.ValueRoots(0));
        var first = Enumerable.Range(0, right.Length).First(i => right[i] != wrong[i]);
        Assert.Equal(OperatorKind.SwiGlu, GraphTree.Decode(honest.Graph.Encoded(first)).Operator!.Kind);
        Assert.NotEqual(honest.Trace()[1], liar.Trace()[1]);
        Assert.Equal(honest.Trace()[0], liar.Trace()[0]);
    }

    [Fact]
    public void Tasks_without_steps_have_no_replay()
    {
        var task = TaskOf("export");
        Assert.Null(TraceReplay.Open(task.Spec, s_run.InputsOf(task.Spec), new ScalarBackend(), out var problem));
        Assert.Contains("as a whole", problem, StringComparison.Ordinal);
    }

    private static LocalRun Finish()
    {
        var (spec, text) = JobTexts.Tiny();
        LocalRun run = new(spec, text, VectorBackend.Best());
        run.Run(tasks => tasks[0]);
        return run;
    }

    /// <summary>The task as it was issued: the plan asks for it again when its result is taken away.</summary>
    private static PlannedTask TaskOf(string node)
    {
        Dictionary<string, TaskResult> results = new(s_run.Results);
        results.Remove(node);
        return s_run.Plan.Next(s_run.Job, results).Tasks.Single(t => t.Node == node);
    }

    private static ITraceReplay Open(PlannedTask task) =>
        TraceReplay.Open(task.Spec, s_run.InputsOf(task.Spec), new ScalarBackend(), out var problem)
        ?? throw new InvalidOperationException(problem);

    /// <summary>A back end that changes one element of one operator.</summary>
    private sealed class LyingBackend : IBackend
    {
        private readonly ScalarBackend _inner = new();

        public string Name => "lying";

        public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
        {
            _inner.Run(op, inputs, output);
            if (op.Kind == OperatorKind.SwiGlu)
                output.Span[5] += 1;
        }
    }
}
