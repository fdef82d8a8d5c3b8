using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Blueprints;

/// <summary>A task's specification as far as the referee reads it: the content ids of its inputs.</summary>
public sealed record SpecInputs(Hash256[] Inputs) : IRecord<SpecInputs>
{
    public static RecordType Type => RecordType.TaskSpec;

    public static SpecInputs Read(FieldReader f)
    {
        f.Text(1, 64);
        f.Int32(2);
        f.Int32(3);
        f.Bytes(4, 1 << 16);
        return new SpecInputs(f.Hashes(5, 256));
    }

    public void Write(FieldWriter f) => throw new NotSupportedException("a specification is written by those who plan");
}
