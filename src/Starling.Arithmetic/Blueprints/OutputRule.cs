using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Blueprints;

/// <summary>What an output of a result must be. Values are consensus.</summary>
public enum OutputKind
{
    /// <summary><c>Count</c> tensors of the last state from number <c>First</c> on, one after the other in one blob.</summary>
    State = 1,

    /// <summary>Step, losses and records of a training task.</summary>
    Metrics = 2,

    /// <summary>The blob with content id <c>Content</c>.</summary>
    Constant = 3,

    /// <summary>The same blob as task input <c>Input</c>.</summary>
    Input = 4,

    /// <summary>A row of <c>Count</c> numbers: the bytes of task input <c>Input</c> from byte <c>First</c> on.</summary>
    Bytes = 5,

    /// <summary>The first weights: the tensors of <c>Tensors</c>, one after the other.</summary>
    InitialWeights = 6,

    /// <summary>
    /// A file: <c>Head</c>, then the tensors of <c>Packed</c>, unpadded, made of the tensors of <c>Tensors</c>, which task input
    /// <c>Input</c> holds.
    /// </summary>
    Packed = 7,

    /// <summary>No referee is registered: the auditors decide by bond.</summary>
    Panel = 8,
}

/// <summary>What one output of the result must be; <see cref="OutputKind"/> says what the numbers mean.</summary>
public sealed record OutputRule(OutputKind Kind) : IRecord<OutputRule>
{
    private const int MaxHead = 1 << 20;
    private const int MaxTensors = 16_384;

    public static RecordType Type => RecordType.OutputRule;

    public int Input { get; init; }

    /// <summary>Bytes of the task input's blob.</summary>
    public long InputBytes { get; init; }

    public long First { get; init; }

    public long Count { get; init; }

    public Hash256 Content { get; init; }

    public byte[] Head { get; init; } = [];

    public WeightTensor[] Tensors { get; init; } = [];

    public PackedTensor[] Packed { get; init; } = [];

    public static OutputRule Read(FieldReader f) => new((OutputKind)f.Int32(1, 1, 8))
    {
        Input = f.Int32(2),
        InputBytes = f.Integer(3, 0, Layout.MaxChunks),
        First = f.Integer(4, 0, Layout.MaxChunks),
        Count = f.Integer(5, 0, Layout.MaxChunks),
        Content = f.Hash(6),
        Head = f.Bytes(7, MaxHead),
        Tensors = f.Records<WeightTensor>(8, MaxTensors),
        Packed = f.Records<PackedTensor>(9, MaxTensors),
    };

    public void Write(FieldWriter f)
    {
        f.Integer(1, (int)Kind);
        f.Integer(2, Input);
        f.Integer(3, InputBytes);
        f.Integer(4, First);
        f.Integer(5, Count);
        f.Hash(6, Content);
        f.Bytes(7, Head);
        f.Records(8, Tensors);
        f.Records(9, Packed);
    }

    internal bool Fits(Blueprint blueprint) => Kind switch
    {
        OutputKind.State => Count > 0 && First + Count <= blueprint.State.Length,
        OutputKind.Bytes => Count > 0 && First + Count <= InputBytes,
        OutputKind.InitialWeights => Tensors.Length > 0,
        OutputKind.Packed => Head.Length % sizeof(float) == 0 && Packed.Length > 0 && Array.TrueForAll(Packed, p => p.Fits(Tensors)),
        _ => true,
    };
}

/// <summary>A tensor of a model as it is made or exported.</summary>
/// <param name="Layout">Its shape.</param>
/// <param name="Start">0: zeros, 1: ones, 2: normal numbers of this deviation.</param>
/// <param name="Deviation">Bits of the deviation.</param>
public sealed record WeightTensor(Layout Layout, int Start, uint Deviation) : IRecord<WeightTensor>
{
    public static RecordType Type => RecordType.WeightTensor;

    public static WeightTensor Read(FieldReader f) =>
        new(new Layout(f.Int32(1, 1, Layout.MaxSide), f.Int32(2, 1, Layout.MaxSide)), f.Int32(3, 0, 2), (uint)f.Unsigned(4, uint.MaxValue));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Layout.Rows);
        f.Integer(2, Layout.Columns);
        f.Integer(3, Start);
        f.Unsigned(4, Deviation);
    }
}
