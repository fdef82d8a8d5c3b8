using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Blueprints;

/// <summary>
/// What a task computes, as far as a referee must know it: one graph run for a number of steps over a state of tensors, or,
/// without steps, outputs that are made piece by piece from inputs.
/// Its hash stands in the task's issue on the ledger, so it is fixed before anyone works; it follows from the job alone,
/// so anyone can check it. Inputs of the task are named by their place in its specification.
/// </summary>
/// <param name="Graph">Root of the tree of the step's graph.</param>
/// <param name="Leaves">Leaves of that tree: values and outputs.</param>
/// <param name="Values">Values of the graph: its inputs, then its nodes.</param>
/// <param name="FirstStep">Steps of the run that were done before this task.</param>
/// <param name="Steps">Steps of the task.</param>
/// <param name="Interval">Steps between two committed states.</param>
/// <param name="Seed">Addresses the draws of the data's order.</param>
/// <param name="Worker">The worker's number in those draws.</param>
/// <param name="Inputs">Where each input of the graph comes from.</param>
/// <param name="State">The tensors of the state.</param>
/// <param name="HasCursor">Whether a cursor follows them as the last leaf of a state root.</param>
/// <param name="Outputs">What each output of the result is.</param>
/// <param name="Loss">The 1 x 1 value that the metrics list per step; -1 where there is none.</param>
/// <param name="RecordsPerStep">Records that a step reads: what the metrics count.</param>
public sealed record Blueprint(
    Hash256 Graph,
    int Leaves,
    int Values,
    int FirstStep,
    int Steps,
    int Interval,
    ulong Seed,
    int Worker,
    BlueprintInput[] Inputs,
    StateTensor[] State,
    bool HasCursor,
    OutputRule[] Outputs,
    int Loss,
    int RecordsPerStep) : IRecord<Blueprint>
{
    private const int MaxInputs = 16_384;
    private const int MaxOutputs = 64;
    private const string Domain = "blueprint";

    public static RecordType Type => RecordType.Blueprint;

    /// <summary>Committed states: the first, one per interval, the last.</summary>
    public int TraceLength => Steps == 0 ? 0 : 1 + ((Steps + Interval - 1) / Interval);

    /// <summary>What the metrics say of a step of the task, counted from 1, that was not finite.</summary>
    public string FaultOf(int step) => FaultText(FirstStep + (long)step);

    /// <summary>What metrics say of a step of the run, counted from 1, that was not finite.</summary>
    public static string FaultText(long step) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"step {step} is not finite");

    /// <summary>Whether a result has the form that this task's has: as many outputs and committed states.</summary>
    public bool Fits(Protocol.Transactions.ResultClaim claim) => claim.Fault == 0
        ? claim.TraceLength == TraceLength && claim.Outputs.Length == Outputs.Length
        : MayFault && claim.Fault <= Steps && claim.Outputs.Length == 1
            && claim.TraceLength == 2 + ((claim.Fault - 1 + Interval - 1) / Interval);

    /// <summary>Whether a step that is not finite ends the task: where parameters are what it makes.</summary>
    private bool MayFault => Outputs is [{ Kind: OutputKind.State }, ..];

    /// <summary>Whether a tensor of the state must be finite: those that the first output is made of, the parameters.</summary>
    public bool MustBeFinite(int tensor) =>
        MayFault && tensor >= Outputs[0].First
        && tensor < Outputs[0].First + Outputs[0].Count;

    /// <summary>Leaves of a state root.</summary>
    public int StateLeaves => State.Length + (HasCursor ? 1 : 0);

    /// <summary>
    /// The cursor of a task's first state: a hash of the steps done before it. The data cursor is the step itself.
    /// </summary>
    public static Hash256 FirstCursor(long step) => Cursor(step, Hash256.Zero, 0);

    /// <summary>
    /// The cursor after a step: a hash of the steps done, the cursor before and the bits of the step's loss, so that a
    /// trace commits to every loss that the metrics tell.
    /// </summary>
    public static Hash256 NextCursor(long step, Hash256 before, uint loss) => Cursor(step, before, loss);

    private static Hash256 Cursor(long step, Hash256 before, uint loss)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + Hash256.Size + sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, step);
        before.CopyTo(bytes[sizeof(long)..]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes[(sizeof(long) + Hash256.Size)..], loss);
        return Blake3.Hash("training cursor", bytes);
    }

    public static Hash256 HashOf(ReadOnlySpan<byte> encoded) => Blake3.Hash(Domain, encoded);

    public Hash256 Hash() => HashOf(RecordCodec.Encode(this));

    public static Blueprint Read(FieldReader f)
    {
        var read = new Blueprint(
            f.Hash(1), f.Int32(2), f.Int32(3), f.Int32(4), f.Int32(5, 0, 1 << 20), f.Int32(6, 1, 1 << 20),
            f.Unsigned(7), f.Int32(8), f.Records<BlueprintInput>(9, MaxInputs), f.Records<StateTensor>(10, MaxInputs),
            f.Boolean(11), f.Records<OutputRule>(12, MaxOutputs), f.Int32(13, -1), f.Int32(14));
        return read.Problem() is { } problem ? throw f.Fail(3, problem) : read;
    }

    public void Write(FieldWriter f)
    {
        f.Hash(1, Graph);
        f.Integer(2, Leaves);
        f.Integer(3, Values);
        f.Integer(4, FirstStep);
        f.Integer(5, Steps);
        f.Integer(6, Interval);
        f.Unsigned(7, Seed);
        f.Integer(8, Worker);
        f.Records(9, Inputs);
        f.Records(10, State);
        f.Boolean(11, HasCursor);
        f.Records(12, Outputs);
        f.Integer(13, Loss);
        f.Integer(14, RecordsPerStep);
    }

    /// <summary>A reference that leads nowhere; null when there is none.</summary>
    private string? Problem()
    {
        if (Inputs.Length > Values || Values > Leaves || Loss >= Values)
            return "the counts of values, inputs and leaves do not fit";
        if (Array.Exists(State, t => t.Next >= Values))
            return "a tensor of the state becomes no value";
        if (Array.Find(Outputs, o => !o.Fits(this)) is { } output)
            return $"an output of kind {output.Kind} names what is not there";
        return Array.Find(Inputs, i => !i.Fits(this)) is { } bad ? $"an input of kind {bad.Source} names what is not there" : null;
    }
}
