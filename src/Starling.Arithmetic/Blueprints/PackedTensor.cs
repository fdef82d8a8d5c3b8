using Starling.Protocol.Encoding;

namespace Starling.Arithmetic.Blueprints;

/// <summary>A tensor of an exported file: the columns of its parts side by side, each transposed or as it is.</summary>
/// <param name="Parts">The parts from left to right, by their place among the rule's tensors.</param>
/// <param name="Transposed">Whether rows of the parts are columns of the file.</param>
public sealed record PackedTensor(int[] Parts, bool Transposed) : IRecord<PackedTensor>
{
    private const int MaxParts = 16;

    public static RecordType Type => RecordType.PackedTensor;

    public static PackedTensor Read(FieldReader f) =>
        new(f.List(1, MaxParts, static r => checked((int)r.Integer())), f.Boolean(2));

    public void Write(FieldWriter f)
    {
        f.List(1, Parts, static (w, i) => w.Integer(i));
        f.Boolean(2, Transposed);
    }

    /// <summary>Rows in the file.</summary>
    public int Rows(WeightTensor[] tensors) => Height(tensors[Parts[0]].Layout);

    /// <summary>Columns in the file.</summary>
    public long Columns(WeightTensor[] tensors) => Parts.Sum(p => (long)Width(tensors[p].Layout));

    /// <summary>Columns that a part takes in the file.</summary>
    public int Width(Layout part) => Transposed ? part.Rows : part.Columns;

    internal bool Fits(WeightTensor[] tensors) => Parts.Length > 0 && Array.TrueForAll(
        Parts, p => p >= 0 && p < tensors.Length && Height(tensors[p].Layout) == Height(tensors[Parts[0]].Layout));

    private int Height(Layout part) => Transposed ? part.Columns : part.Rows;
}
