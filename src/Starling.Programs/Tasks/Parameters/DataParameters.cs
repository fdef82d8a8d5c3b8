using Starling.Programs.Jobs;
using Starling.Programs.Tables;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Parameters;

/// <summary>Parameters of <c>tokens</c>: how many tokens are trained on; the rest is held out.</summary>
internal sealed record TokensParameters(int Train, int HeldOut) : IRecord<TokensParameters>
{
    public static RecordType Type => RecordType.TokensParameters;

    public static TokensParameters Read(FieldReader f) => new(f.Int32(1, 1), f.Int32(2, 1));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Train);
        f.Integer(2, HeldOut);
    }
}

/// <summary>Parameters of <c>features</c>: the size of the table, how its rows are split, and the seed of the split.</summary>
internal sealed record FeaturesParameters(int Train, int HeldOut, int Columns, int Classes, ulong Seed)
    : IRecord<FeaturesParameters>
{
    public static RecordType Type => RecordType.FeaturesParameters;

    public static FeaturesParameters Read(FieldReader f) => new(
        f.Int32(1, 1, TableFile.MaxRows), f.Int32(2, 1, TableFile.MaxRows), f.Int32(3, 1, TableFile.MaxColumns),
        f.Int32(4, 2), f.Unsigned(5));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Train);
        f.Integer(2, HeldOut);
        f.Integer(3, Columns);
        f.Integer(4, Classes);
        f.Unsigned(5, Seed);
    }
}
