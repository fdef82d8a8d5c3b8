using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Refereeing;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Models;
using Xunit;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Tests.Compute.Training;

/// <summary>What the referee opens for one piece of every operator of a training step and of a merge (protocol.md, 12).</summary>
public class OpeningBoundTests(ITestOutputHelper output)
{
    private const int MaxKiB = 576;
    private const long MaxOperations = 1 << 21;

    /// <summary>
    /// Operators whose pieces still grow without bound: attention with the sequence (its sums have three passes and several
    /// operands per row), the loss with the vocabulary.
    /// </summary>
    private static readonly K[] Exceptions =
    [
        K.Attention, K.AttentionLogSum, K.AttentionGradQuery, K.AttentionGradKey, K.AttentionGradValue, K.CrossEntropy,
        K.CrossEntropyGrad,
    ];

    [Fact]
    public void EveryPieceOfATrainingStepFitsButForTheListedOperators()
    {
        SortedDictionary<K, (long Whole, long Part, long Operations)> worst = [];
        foreach (Graph graph in Graphs())
            foreach (GraphNode node in graph.Nodes.DistinctBy(n => (n.Operator, string.Join(' ', n.Inputs.Select(graph.ShapeOf)))))
            {
                Shape[] shapes = Array.ConvertAll(node.Inputs, graph.ShapeOf);
                var (whole, part) = (Opened(node.Operator, shapes, 0, parts: false), Opened(node.Operator, shapes, 0, parts: true));
                var old = worst.GetValueOrDefault(node.Operator.Kind);
                worst[node.Operator.Kind] = (
                    Math.Max(old.Whole, whole.KiB), Math.Max(old.Part, part.KiB), Math.Max(old.Operations, part.Operations));
            }

        foreach (var (kind, (whole, part, operations)) in worst)
            output.WriteLine($"{kind}: {whole} KiB in one piece, {part} KiB by parts, {operations} operations");
        Assert.Equal(
            Exceptions.Order(), worst.Where(w => w.Value.Part > MaxKiB || w.Value.Operations > MaxOperations).Select(w => w.Key));
    }

    /// <summary>Wide and long: more rows, columns, keys, words and workers than the bound could hold in one piece.</summary>
    private static IEnumerable<Graph> Graphs()
    {
        DecoderConfig wide = TinyModels.Llama(heads: 8, keyValueHeads: 2, headSize: 128, vocabulary: 151_936) with
        {
            HiddenSize = 8_192,
            IntermediateSize = 28_672,
            Layers = 1,
        };
        yield return TrainingStep.Build(new TrainingRecipe
        {
            Model = wide,
            BatchSize = 4,
            MaxLength = 1024,
            AccumulationSteps = 2,
            Rate = new LearningRate { TotalSteps = 10 },
        }).Graph;
        yield return TrainingStep.Build(new TrainingRecipe
        {
            Model = TinyModels.Gpt2() with { HiddenSize = 12_288, HeadSize = 4_096, IntermediateSize = 49_152 },
            BatchSize = 4,
            MaxLength = TinyModels.Gpt2().MaxPositions,
            Rate = new LearningRate { TotalSteps = 10 },
        }).Graph;
        yield return TrainingStep.Build(new TrainingRecipe
        {
            Model = new MlpConfig { InputSize = 4096, HiddenSizes = [4096, 4096], Labels = 3, Activation = Activation.Gelu },
            BatchSize = 4096,
            Rate = new LearningRate { TotalSteps = 10 },
        }).Graph;
        yield return OuterStep.Build(wide, new OuterSettings(), workers: 64);
    }

    /// <summary>KiB of whole chunks that the worst piece opens, its last row's last chunk, with the total before it.</summary>
    private static (long KiB, long Operations) Opened(Operator op, Shape[] shapes, int chunk, bool parts)
    {
        Shape result = Shapes.Infer(op, shapes);
        SumPart? part = parts && PartialSums.Count(op, shapes) > 1 ? PartialSums.Part(op, shapes, 0) : null;
        Shape[] seen = part?.Shapes ?? shapes;
        Decomposition piece = Decompositions.Of(op, seen, result.Rows - 1, chunk, Positions(op));
        long chunks = part is null ? 0 : 1;
        for (int i = 0; i < seen.Length; i++)
            chunks += Chunks(part?.Whole(i, piece.Inputs[i]) ?? piece.Inputs[i]);
        // One key against many queries is a piece of a gradient, but no legal call of its own.
        bool isKeyPiece = op.Kind is K.AttentionGradKey or K.AttentionGradValue;
        long operations = isKeyPiece ? 0 : Work.Of(piece.Operator, Array.ConvertAll(piece.Inputs, region => region.Shape)).MultiplyAdds;
        return (chunks, operations);
    }

    private static long Chunks(Region region) =>
        (long)region.Rows * (((region.Column + region.Columns - 1) / 256) - (region.Column / 256) + 1);

    /// <summary>Every position and id that is asked for: the row within its sequence.</summary>
    private static RegionReader Positions(Operator op) => (_, region, target) =>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = op.QueryRows > 0 ? Math.Max(region.Row + i, region.Column + i) % op.QueryRows : 0;
    };
}
