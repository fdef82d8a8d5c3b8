using Starling.Protocol.Encoding;

namespace Starling.Arithmetic.Blueprints;

/// <summary>Where one input of the graph comes from; <see cref="InputSource"/> says what the numbers mean.</summary>
/// <param name="Source">The kind of source.</param>
/// <param name="Layout">The input's shape.</param>
/// <param name="Index">A tensor of the state, or an input of the task.</param>
/// <param name="BlobChunks">Chunks of that input's blob; 0 where there is none.</param>
/// <param name="First">See the source.</param>
/// <param name="Count">Records that may be drawn.</param>
/// <param name="Length">Rows of one sequence.</param>
/// <param name="Shift">See the source.</param>
/// <param name="Constants">Bits of floats, one row per step.</param>
public sealed record BlueprintInput(
    InputSource Source, Layout Layout, int Index, long BlobChunks, long First, int Count, int Length, int Shift,
    uint[] Constants) : IRecord<BlueprintInput>
{
    /// <summary>Number, within the step, of the first sequence that is drawn; left out when zero.</summary>
    public int Sequence { get; init; }

    private const int MaxConstants = 65_536;

    public static RecordType Type => RecordType.BlueprintInput;

    public static BlueprintInput Read(FieldReader f) => new(
        (InputSource)f.Int32(1, 1, 7), new Layout(f.Int32(2, 1, Layout.MaxSide), f.Int32(3, 1, Layout.MaxSide)), f.Int32(4),
        f.Integer(5, 0, Layout.MaxChunks), f.Integer(6, 0, Layout.MaxChunks), f.Int32(7), f.Int32(8), f.Int32(9),
        f.List(10, MaxConstants, static r => checked((uint)r.Unsigned())))
    {
        Sequence = f.Has(11) ? f.Int32(11, 1) : 0,
    };

    public void Write(FieldWriter f)
    {
        f.Integer(1, (int)Source);
        f.Integer(2, Layout.Rows);
        f.Integer(3, Layout.Columns);
        f.Integer(4, Index);
        f.Integer(5, BlobChunks);
        f.Integer(6, First);
        f.Integer(7, Count);
        f.Integer(8, Length);
        f.Integer(9, Shift);
        f.List(10, Constants, static (w, v) => w.Unsigned(v));
        if (Sequence != 0)
            f.Integer(11, Sequence);
    }

    /// <summary>Whether every chunk that this input can ask for is there.</summary>
    internal bool Fits(Blueprint blueprint) => Source switch
    {
        InputSource.State => Index < blueprint.State.Length && blueprint.State[Index].Layout == Layout,
        InputSource.Blob => First + Layout.Chunks <= BlobChunks,
        InputSource.Positions => Length > 0 && Layout.Columns == 1,
        InputSource.Constants => Layout.Rows == 1 && Constants.Length == (long)blueprint.Steps * Layout.Columns,
        InputSource.Window => Draws && Length > 0 && Layout.Columns == 1
            && LastChunk(First + Count - 1 + Shift + Length - 1) < BlobChunks,
        InputSource.DrawnRow => Draws && (First + Count) * Layout.Blocks <= BlobChunks,
        InputSource.DrawnNumber => Draws && Layout.Columns == 1 && Shift + LastChunk(First + Count - 1) < BlobChunks,
        _ => false,
    };

    private bool Draws => Count > 0 && BlobChunks > 0;

    private static long LastChunk(long number) => number / Layout.BlockColumns;
}
