using Starling.Protocol.Encoding;

namespace Starling.Arithmetic.Blueprints;

/// <summary>A tensor of the state.</summary>
/// <param name="Layout">Its shape.</param>
/// <param name="Next">The value of the graph that it becomes with each step.</param>
/// <param name="Input">The input of the task whose blob holds it before the first step; -1 where it starts at zero.</param>
/// <param name="FirstChunk">Where in that blob it begins.</param>
/// <param name="BlobChunks">Chunks of that blob.</param>
public sealed record StateTensor(Layout Layout, int Next, int Input, long FirstChunk, long BlobChunks)
    : IRecord<StateTensor>
{
    public static RecordType Type => RecordType.StateTensor;

    public static StateTensor Read(FieldReader f)
    {
        var tensor = new StateTensor(
            new Layout(f.Int32(1, 1, Layout.MaxSide), f.Int32(2, 1, Layout.MaxSide)), f.Int32(3), f.Int32(4, -1),
            f.Integer(5, 0, Layout.MaxChunks),
            f.Integer(6, 0, Layout.MaxChunks));
        return tensor.Input < 0 || tensor.FirstChunk + tensor.Layout.Chunks <= tensor.BlobChunks
            ? tensor
            : throw f.Fail(5, "the tensor ends after its blob");
    }

    public void Write(FieldWriter f)
    {
        f.Integer(1, Layout.Rows);
        f.Integer(2, Layout.Columns);
        f.Integer(3, Next);
        f.Integer(4, Input);
        f.Integer(5, FirstChunk);
        f.Integer(6, BlobChunks);
    }
}
