using Starling.Protocol.Encoding;

namespace Starling.Arithmetic.Blueprints;

/// <summary>The metrics of a training task as far as the referee reads them.</summary>
/// <param name="Step">Steps done before the task.</param>
/// <param name="Losses">Bits of the loss of each step.</param>
/// <param name="Records">Records read.</param>
/// <param name="IsPlain">True when nothing is said that only a measurement says.</param>
/// <param name="Fault">Why the task stopped early.</param>
public sealed record MetricsView(int Step, uint[] Losses, long Records, bool IsPlain, string? Fault) : IRecord<MetricsView>
{
    private const int MaxLosses = 10_000;

    public static RecordType Type => RecordType.TaskMetrics;

    public static MetricsView Read(FieldReader f)
    {
        var (step, losses, records) = (
            f.Int32(1), f.List(2, MaxLosses, static r => checked((uint)r.Unsigned())), f.Integer(3, 0));
        var isPlain = true;
        for (var key = 4; key <= 5; key++)
        {
            if (f.Has(key))
                (_, isPlain) = (f.Unsigned(key), false);
        }

        var fault = f.OptionalText(6, 256);
        return new MetricsView(step, losses, records, isPlain, fault);
    }

    public void Write(FieldWriter f) => throw new NotSupportedException("metrics are written by those who train");
}
