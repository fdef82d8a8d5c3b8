using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Starling.Arithmetic.Lanes;
using Vector = System.Runtime.Intrinsics.Vector128<float>;

namespace Starling.Compute.Kernels;

/// <summary>Copies of matrix blocks in the order in which tiles read them.</summary>
internal static unsafe class Panels
{
    /// <summary>
    /// Rows of the source become rows of the panel, <paramref name="panelRow"/> floats apart; columns from
    /// <paramref name="columns"/> up to <paramref name="filled"/> become 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, long sourceRow, int rows, int columns, float* panel, int panelRow, int filled)
    {
        for (int r = 0; r < rows; r++, source += sourceRow, panel += panelRow)
        {
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(panel, columns));
            if (columns < filled)
                new Span<float>(panel + columns, filled - columns).Clear();
        }
    }

    /// <summary>As <see cref="Copy"/>, for a full panel of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPanel<L, V>(float* source, long sourceRow, int rows, float* panel)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < rows; r++, source += sourceRow, panel += 2 * L.Width)
        {
            L.Store(panel, L.Load(source));
            L.Store(panel + L.Width, L.Load(source + L.Width));
        }
    }

    /// <summary>One panel of a right operand, all its k.</summary>
    public static void Pack<L, V>(Matrix b, int panel, PackedMatrix packed)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = packed.PanelColumns, left = panel * width, columns = Math.Min(width, packed.Shape.Columns - left);
        Block<L, V>(b.From(0, left), packed.Shape.Rows, columns, packed.Panel(panel));
    }

    /// <summary>A panel of two vectors, <paramref name="depth"/> deep; columns beyond the matrix become 0.</summary>
    public static void Block<L, V>(Matrix b, int depth, int columns, float* panel)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width;
        if (b.Column == 1 && columns == width)
            CopyPanel<L, V>(b.Data, b.Row, depth, panel);
        else if (b.Column == 1)
            Copy(b.Data, b.Row, depth, columns, panel, width, width);
        else
            Transpose(b.Data, b.Column, depth, columns, panel, width, width);
    }

    /// <summary>
    /// panel[r * panelRow + c] = source[c * sourceRow + r]: a transpose of <paramref name="columns"/> source rows;
    /// columns beyond them, up to <paramref name="filled"/>, become 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, long sourceRow, int rows, int columns, float* panel, int panelRow, int filled)
    {
        int c = 0;
        for (; c + 4 <= columns; c += 4)
            Transpose4(source + (c * sourceRow), sourceRow, rows, panel + c, panelRow);
        for (; c < filled; c++)
            for (int r = 0; r < rows; r++)
                panel[((long)r * panelRow) + c] = c < columns ? source[(c * sourceRow) + r] : 0f;
    }

    private static void Transpose4(float* source, long sourceRow, int rows, float* panel, long width)
    {
        float* s1 = source + sourceRow, s2 = s1 + sourceRow, s3 = s2 + sourceRow;
        int r = 0;
        for (; r + 4 <= rows; r += 4, panel += 4 * width)
        {
            Vector v0 = Vector128.Load(source + r), v1 = Vector128.Load(s1 + r);
            Vector v2 = Vector128.Load(s2 + r), v3 = Vector128.Load(s3 + r);
            Vector low02 = ZipLow(v0, v2), high02 = ZipHigh(v0, v2), low13 = ZipLow(v1, v3), high13 = ZipHigh(v1, v3);
            ZipLow(low02, low13).Store(panel);
            ZipHigh(low02, low13).Store(panel + width);
            ZipLow(high02, high13).Store(panel + (2 * width));
            ZipHigh(high02, high13).Store(panel + (3 * width));
        }

        for (; r < rows; r++, panel += width)
            (panel[0], panel[1], panel[2], panel[3]) = (source[r], s1[r], s2[r], s3[r]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector ZipLow(Vector a, Vector b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector ZipHigh(Vector a, Vector b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
