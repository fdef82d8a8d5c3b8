using Starling.Arithmetic.Catalogue;
using Starling.Programs.Replay;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

public class OperatorDisputeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("inner/1/0")]
    [InlineData("merge/1")]
    public void One_wrong_number_in_one_operator_convicts_and_a_false_accusation_does_not(string node)
    {
        var job = PlannedRun.Text;
        var spec = job[node];
        using var honest = job.Side(node);
        var honestClaim = job.Claim(spec);
        var (played, most) = (0, 0L);
        var kinds = FirstOfEachKind(job, node);
        foreach (var (kind, value) in kinds)
        {
            var step = honest.Blueprint.Steps - 1;
            var target = honest.ValueRoots(step)[value];
            using var liar = job.Side(node, new CorruptBackend(target));
            var lie = job.Claim(spec, new CorruptBackend(target));
            if (lie.Root() == honestClaim.Root())
            {
                output.WriteLine($"{kind}: this number has no effect");
                continue;
            }

            var convicted = DisputeGame.Play(lie, liar, honest);
            Assert.False(convicted.ResultHolds, $"{kind}: {convicted}");
            var acquitted = DisputeGame.Play(honestClaim, honest, liar);
            Assert.True(acquitted.ResultHolds, $"{kind}: {acquitted}");
            output.WriteLine($"{kind}: {convicted.Moves} moves, path {convicted.Path}, worker {convicted.DefenderBytes} B of "
                + $"which {convicted.OpenedBytes} B openings, challenger {convicted.ChallengerBytes} B");
            (played, most) = (played + 1, Math.Max(most, Math.Max(convicted.OpenedBytes, acquitted.OpenedBytes)));
        }

        output.WriteLine($"{played} kinds of operators, largest opening {most} B");
        Assert.Equal(kinds.Count, played);
    }

    private static List<(OperatorKind Kind, int Value)> FirstOfEachKind(PlannedRun job, string node)
    {
        using var replay = TraceReplay.Open(
            job[node], job.Run.InputsOf(job[node]), new Starling.Arithmetic.Reference.ScalarBackend(), out _)!;
        var graph = replay.Graph.Graph;
        var found = new Dictionary<OperatorKind, int>();
        for (var i = 0; i < graph.Nodes.Length; i++)
            found.TryAdd(graph.Nodes[i].Operator.Kind, graph.Inputs.Length + i);
        return [.. found.Select(f => (f.Key, f.Value))];
    }
}
