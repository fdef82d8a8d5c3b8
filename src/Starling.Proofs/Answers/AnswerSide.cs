using Starling.Arithmetic.Blueprints;
using Starling.Programs.Answers;
using Starling.Proofs.Disputes;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Answers;

/// <summary>One side of a dispute about the rows of one answer: its own run of the endpoint's graph.</summary>
/// <param name="replay">Of the endpoint's model; disposed with this object.</param>
/// <param name="model">Content id of the weights.</param>
/// <param name="answer">As opened.</param>
/// <param name="weights">The weights as a blob.</param>
public sealed class AnswerSide(AnswerReplay replay, Hash256 model, AnswerRecord answer, Func<byte[]> weights) : IDisputeSide
{
    private readonly byte[] _tokens = AnswerInputs.TokenBlob(answer.Tokens(), replay.Blueprint.Steps);

    public Blueprint Blueprint => replay.Blueprint;

    public byte[] Spec => new AnswerInputs(model, Inputs[1]).Encode();

    public Hash256[] Inputs => [model, Blake3.Hash(_tokens)];

    public Hash256[] Outputs => [];

    public int Fault => 0;

    public Hash256[] Trace(int fault) => [];

    public (byte[] Encoded, Hash256[] Path) Node(int value) => (replay.Graph.Encoded(value), replay.Graph.Prove(value));

    /// <summary>A dispute about an answer begins at a row: above it nothing is listed.</summary>
    public Hash256[] StepRoots(int interval) => [];

    /// <summary>No operator reads the state.</summary>
    public Hash256[] StateLeaves(int steps) => [];

    public Hash256[] ValueRoots(int step) => Used().ValueRoots(step);

    /// <summary>The logits that the answer claims.</summary>
    public Hash256[] LeavesAfter(int step) => [answer.Logits()[step - (answer.Request.Known - 1)]];

    public PartRun Parts(int step, int value, long chunk) => PartRun.Of(this, step, value, chunk);

    public byte[] ValueBytes(int step, int value) => Used().ValueBytes(step, value);

    /// <summary>The logits of a row, padded.</summary>
    public byte[] Logits(int row) => ValueBytes(row, Blueprint.State[0].Next);

    public byte[]? Blob(Hash256 content) => content == Inputs[1] ? _tokens : content == model ? weights() : null;

    public void Dispose() => replay.Dispose();

    private AnswerReplay Used()
    {
        replay.Use(answer.Tokens());
        return replay;
    }
}
