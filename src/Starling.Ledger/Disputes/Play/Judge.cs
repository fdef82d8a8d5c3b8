using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Answers the last question of a dispute from the defender's openings. Hostile openings are refused, typed.</summary>
internal static class Judge
{
    public static Ruling Decide(TaskRecord task, DisputePosition position, byte[] openings)
    {
        try
        {
            var opening = RecordCodec.Decode<DisputeOpening>(openings);
            if (Blueprint.HashOf(opening.Blueprint) != task.Issue.Graph || Blake3.Hash(opening.Spec) != task.Issue.Spec)
                return Ruling.Refuse(FailureCode.OpeningsMismatch);
            var blueprint = RecordCodec.Decode<Blueprint>(opening.Blueprint);
            var evidence = new OpenedEvidence(opening, blueprint, RecordCodec.Decode<SpecInputs>(opening.Spec).Inputs);
            var holds = Answer(new Search(position, task.Current.Claim!), evidence);
            evidence.End();
            return Ruling.Decide(holds);
        }
        catch (DecodeException)
        {
            return Ruling.Refuse(FailureCode.MalformedOpenings);
        }
        catch (RefusedOpening refused)
        {
            return Ruling.Refuse(refused.Code);
        }
    }

    /// <summary>Whether the disputed piece is right.</summary>
    internal static bool Answer(Search search, Evidence evidence)
    {
        var (claim, blueprint) = (search.Claim, evidence.Blueprint);
        if (!blueprint.Fits(claim))
            return false;
        if (search.Output is { } output)
            return output == claim.Outputs.Length || OutputRules.Answer(search, evidence);
        if (search[StageKind.Trace] is not { IsItem: true })
            throw StepRules.TooEarly();
        return search.IsFirstState ? FirstStateRules.Answer(search, evidence) : StepRules.Answer(search, evidence);
    }
}
