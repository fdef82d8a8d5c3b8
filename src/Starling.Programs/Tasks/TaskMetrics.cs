using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks;

/// <summary>
/// What a task tells people about itself: a small output, with the same bytes on every machine. Floats stand as their
/// bits.
/// </summary>
/// <param name="Step">Steps done before this task; for an evaluation, those of the model it measures.</param>
/// <param name="Losses">Training loss of each step, in nats per token or row.</param>
/// <param name="Records">Tokens or rows that were trained on or measured.</param>
/// <param name="HeldOutLoss">Loss on held-out data, in nats.</param>
/// <param name="Accuracy">Share of held-out targets that the model's first choice hits.</param>
/// <param name="Fault">Why the task stopped early, for example a loss that is not finite; null if it did not.</param>
public sealed record TaskMetrics(
    int Step, float[] Losses, long Records, float? HeldOutLoss, float? Accuracy, string? Fault) : IRecord<TaskMetrics>
{
    private const int MaxLosses = 10_000;

    public static RecordType Type => RecordType.TaskMetrics;

    /// <exception cref="DecodeException">Not metrics.</exception>
    public static TaskMetrics Decode(ReadOnlyMemory<byte> bytes) => RecordCodec.Decode<TaskMetrics>(bytes);

    public static TaskMetrics Read(FieldReader f) => new(
        f.Int32(1),
        f.List(2, MaxLosses, static r => BitConverter.UInt32BitsToSingle(checked((uint)r.Unsigned()))),
        f.Integer(3, 0),
        f.Has(4) ? f.Single(4) : null,
        f.Has(5) ? f.Single(5) : null,
        f.OptionalText(6, 256));

    public byte[] Encode() => RecordCodec.Encode(this);

    public void Write(FieldWriter f)
    {
        f.Integer(1, Step);
        f.List(2, Losses, static (w, v) => w.Unsigned(BitConverter.SingleToUInt32Bits(v)));
        f.Integer(3, Records);
        if (HeldOutLoss is { } loss)
            f.Single(4, loss);
        if (Accuracy is { } accuracy)
            f.Single(5, accuracy);
        f.OptionalText(6, Fault);
    }
}
