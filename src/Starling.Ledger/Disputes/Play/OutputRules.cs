using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Applying;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Questions about an output of a result.</summary>
internal static class OutputRules
{
    public static bool Answer(Search search, Evidence evidence)
    {
        var output = search.Output!.Value;
        var rule = evidence.Blueprint.Outputs[output];
        var claimed = search.Claim.Outputs[output];
        if (search.Claim.Fault > 0)
            return MetricsFit(search, evidence, RecordCodec.Decode<MetricsView>(evidence.Metrics(claimed)));
        return rule.Kind switch
        {
            OutputKind.Constant => claimed == rule.Content,
            OutputKind.Input => claimed == evidence.Input(rule.Input),
            OutputKind.Metrics => MetricsFit(search, evidence, RecordCodec.Decode<MetricsView>(evidence.Metrics(claimed))),
            OutputKind.State => ChunkRules.Answer(search, StateBytes(rule, evidence.Blueprint), c => OfState(search, rule, evidence, c)),
            OutputKind.Bytes => ChunkRules.Answer(search, new Layout(1, (int)rule.Count).Bytes, c => OfBytes(rule, evidence, c)),
            OutputKind.InitialWeights => ChunkRules.Answer(
                search, rule.Tensors.Sum(static t => t.Layout.Bytes), c => Initial(rule, evidence.Blueprint.Seed, c)),
            OutputKind.Packed => ChunkRules.Answer(search, PackedFile.Length(rule), c => PackedFile.Chunk(rule, evidence, c)),
            _ => throw new RefusedOpening(FailureCode.NoReferee, "the auditors decide about this output"),
        };
    }

    /// <summary>
    /// The metrics tell the losses that the last state's cursor commits to; those of a fault also the loss of the step that was not
    /// finite, which stands among its values.
    /// </summary>
    private static bool MetricsFit(Search search, Evidence evidence, MetricsView metrics)
    {
        var (blueprint, fault) = (evidence.Blueprint, search.Claim.Fault);
        var told = blueprint.Loss < 0 ? 0 : fault > 0 ? fault : blueprint.Steps;
        if (!metrics.IsPlain || metrics.Step != blueprint.FirstStep || metrics.Losses.Length != told
            || metrics.Records != (long)told * blueprint.RecordsPerStep
            || metrics.Fault != (fault > 0 ? blueprint.FaultOf(fault) : null))
            return false;
        if (told == 0)
            return true;
        var cursor = Blueprint.FirstCursor(blueprint.FirstStep);
        for (var i = 0; i < (fault > 0 ? fault - 1 : told); i++)
            cursor = Blueprint.NextCursor(blueprint.FirstStep + i + 1L, cursor, metrics.Losses[i]);
        return LastState(search, evidence, blueprint.State.Length) == cursor
            && (fault == 0 || LastLoss(search, evidence) == metrics.Losses[^1]);
    }

    /// <summary>The loss of the step that was not finite.</summary>
    private static uint LastLoss(Search search, Evidence evidence)
    {
        var (trace, count) = (search.Claim.Trace, search.Claim.TraceLength);
        var values = evidence.Claim(trace, count, count - 1);
        return BinaryPrimitives.ReadUInt32LittleEndian(evidence.Chunks(
            evidence.Claim(values, evidence.Blueprint.Values, evidence.Blueprint.Loss), 1, 0, new Layout(1, 1), 0));
    }

    private static long StateBytes(OutputRule rule, Blueprint blueprint) =>
        blueprint.State.AsSpan((int)rule.First, (int)rule.Count).ToArray().Sum(static t => t.Layout.Bytes);

    private static byte[] OfState(Search search, OutputRule rule, Evidence evidence, long chunk)
    {
        var leaf = (int)rule.First;
        for (; chunk >= evidence.Blueprint.State[leaf].Layout.Chunks; leaf++)
            chunk -= evidence.Blueprint.State[leaf].Layout.Chunks;
        var layout = evidence.Blueprint.State[leaf].Layout;
        var content = LastState(search, evidence, leaf);
        return evidence.Chunks(content, layout.Chunks, 0, layout, chunk);
    }

    /// <summary>A leaf of the last state: agreed, since the challenger named an output.</summary>
    private static Hash256 LastState(Search search, Evidence evidence, int leaf)
    {
        var (trace, count) = (search.Claim.Trace, search.Claim.TraceLength);
        var last = search.Claim.Fault > 0 ? count - 2 : count - 1;
        return evidence.Claim(evidence.Claim(trace, count, last), evidence.Blueprint.StateLeaves, leaf);
    }

    /// <summary>Every byte of an input as a whole number.</summary>
    private static byte[] OfBytes(OutputRule rule, Evidence evidence, long chunk)
    {
        var first = rule.First + (chunk * Layout.BlockColumns);
        var count = (int)Math.Min(Layout.BlockColumns, rule.First + rule.Count - first);
        var bytes = PackedFile.Bytes(evidence, evidence.Input(rule.Input), rule.InputBytes, first, count);
        return Numbers.Chunk(Array.ConvertAll(bytes, static b => (int)b));
    }

    private static byte[] Initial(OutputRule rule, ulong seed, long chunk)
    {
        var tensor = 0;
        for (; chunk >= rule.Tensors[tensor].Layout.Chunks; tensor++)
            chunk -= rule.Tensors[tensor].Layout.Chunks;
        return Numbers.InitialChunk(seed, tensor, rule.Tensors[tensor], chunk);
    }
}
