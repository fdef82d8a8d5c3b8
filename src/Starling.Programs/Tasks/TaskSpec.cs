using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Tasks;

/// <summary>
/// One pure unit of work: a program, its encoded parameters and its inputs by content id, in the program's order. Its
/// own content id is what the ledger holds, so everyone who fetches it runs the same thing.
/// </summary>
public sealed record TaskSpec(string Program, int ProgramVersion, int ArithmeticVersion, byte[] Parameters, Hash256[] Inputs)
    : IRecord<TaskSpec>
{
    public static RecordType Type => RecordType.TaskSpec;

    public static TaskSpec Read(FieldReader f) =>
        new(f.Text(1, 64), f.Int32(2), f.Int32(3), f.Bytes(4, 1 << 16), f.Hashes(5, 256));

    public void Write(FieldWriter f)
    {
        f.Text(1, Program);
        f.Integer(2, ProgramVersion);
        f.Integer(3, ArithmeticVersion);
        f.Bytes(4, Parameters);
        f.Hashes(5, Inputs);
    }
}
