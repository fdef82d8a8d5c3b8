using Starling.Arithmetic.Catalogue;
using Starling.Protocol.Encoding;

namespace Starling.Arithmetic.Graphs;

/// <summary>
/// Fields 10 to 29 of a <see cref="GraphValue"/>, the operator, and 32 to 37, the window of a convolution. Attributes that
/// are zero are left out.
/// </summary>
internal static class OperatorCodec
{
    public static void Write(FieldWriter f, Operator op)
    {
        f.Integer(10, (int)op.Kind);
        Flag(f, 11, op.TransposeLeft);
        Flag(f, 12, op.TransposeRight);
        Flag(f, 13, op.Inverse);
        Whole(f, 14, op.Heads);
        Whole(f, 15, op.KeyHeads);
        Whole(f, 16, op.HeadSize);
        Whole(f, 17, op.QueryRows);
        Whole(f, 18, op.KeyRows);
        Whole(f, 19, op.Rows);
        Whole(f, 20, op.GroupColumns);
        Single(f, 21, op.Factor);
        Single(f, 22, op.Epsilon);
        Single(f, 23, op.Base);
        Single(f, 24, op.Decay);
        Single(f, 25, op.Rate);
        Single(f, 26, op.Limit);
        Single(f, 27, op.RampStart);
        Single(f, 28, op.RampEnd);
        Whole(f, 29, op.Context);
    }

    /// <summary>The fields that come after the operands.</summary>
    public static void WriteWindow(FieldWriter f, Operator op)
    {
        Whole(f, 32, op.Height);
        Whole(f, 33, op.Width);
        Whole(f, 34, op.KernelHeight);
        Whole(f, 35, op.KernelWidth);
        Whole(f, 36, op.Stride);
        Whole(f, 37, op.Padding);
    }

    /// <exception cref="DecodeException">An unknown kind, or a zero that should have been left out.</exception>
    public static Operator Read(FieldReader f)
    {
        var kind = (OperatorKind)f.Int32(10, 1, ushort.MaxValue);
        if (!Enum.IsDefined(kind))
            throw f.Fail(10, $"no operator has the number {(int)kind}");
        return new Operator(kind)
        {
            TransposeLeft = Flag(f, 11),
            TransposeRight = Flag(f, 12),
            Inverse = Flag(f, 13),
            Heads = Whole(f, 14),
            KeyHeads = Whole(f, 15),
            HeadSize = Whole(f, 16),
            QueryRows = Whole(f, 17),
            KeyRows = Whole(f, 18),
            Rows = Whole(f, 19),
            GroupColumns = Whole(f, 20),
            Factor = Single(f, 21),
            Epsilon = Single(f, 22),
            Base = Single(f, 23),
            Decay = Single(f, 24),
            Rate = Single(f, 25),
            Limit = Single(f, 26),
            RampStart = Single(f, 27),
            RampEnd = Single(f, 28),
            Context = Whole(f, 29),
        };
    }

    /// <summary>The operator with the fields that come after the operands.</summary>
    public static Operator ReadWindow(FieldReader f, Operator op) => op with
    {
        Height = Whole(f, 32),
        Width = Whole(f, 33),
        KernelHeight = Whole(f, 34),
        KernelWidth = Whole(f, 35),
        Stride = Whole(f, 36),
        Padding = Whole(f, 37),
    };

    private static void Flag(FieldWriter f, int key, bool value)
    {
        if (value)
            f.Boolean(key, true);
    }

    private static void Whole(FieldWriter f, int key, int value)
    {
        if (value != 0)
            f.Integer(key, value);
    }

    private static void Single(FieldWriter f, int key, float value)
    {
        if (BitConverter.SingleToUInt32Bits(value) != 0)
            f.Single(key, value);
    }

    private static bool Flag(FieldReader f, int key) =>
        f.Has(key) && (f.Boolean(key) ? true : throw f.Fail(key, "false is left out"));

    private static int Whole(FieldReader f, int key) => f.Has(key) ? f.Int32(key, 1) : 0;

    private static float Single(FieldReader f, int key)
    {
        if (!f.Has(key))
            return 0;
        var value = f.Single(key);
        return BitConverter.SingleToUInt32Bits(value) != 0 ? value : throw f.Fail(key, "zero is left out");
    }
}
