using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Applying;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Questions about a result that says that a step gave something not finite (protocol.md, 4): metrics as its one output,
/// and a trace up to the last good interval. The faulty interval is searched like any other; at its last step, the loss
/// must not be finite.
/// </summary>
internal static class FaultRules
{
    public static bool IsFault(ResultClaim claim, Blueprint blueprint) =>
        blueprint.Loss >= 0 && claim.Outputs.Length == 1 && claim.TraceLength > 0
        && claim.TraceLength < blueprint.TraceLength;

    public static bool Answer(SearchPath path, Evidence evidence) => path.Mode switch
    {
        SearchMode.Step => StepRules.Answer(path, evidence, evidence.Blueprint.StepsOf(path.Interval)),
        SearchMode.FirstState => FirstStateRules.Answer(path, evidence),
        SearchMode.Output => Form(path, evidence),
        _ => true,
    };

    private static bool Form(SearchPath path, Evidence evidence)
    {
        var blueprint = evidence.Blueprint;
        var metrics = RecordCodec.Decode<MetricsView>(evidence.Metrics(path.Claim.Outputs[0]));
        var done = metrics.Losses.Length;
        return metrics.Fault == $"step {blueprint.FirstStep + done} is not finite" && metrics.Step == blueprint.FirstStep
            && done > 0 && done <= blueprint.Steps && path.Claim.TraceLength == 1 + ((done - 1) / blueprint.Interval)
            && metrics.Records == (long)done * blueprint.RecordsPerStep && IsNotFinite(metrics.Losses[^1]);
    }

    private static bool IsNotFinite(uint bits) => (bits & 0x7F80_0000) == 0x7F80_0000;
}
