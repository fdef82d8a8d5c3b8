using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Rows of A against packed panels of B, for one block of k: chooses tiles and handles the matrix's edges.</summary>
internal static unsafe class Strips
{
    /// <summary>Rows up to which tiles take several panels at once.</summary>
    public const int SkinnyRows = 3;

    private const int MostTileRows = 12, MostPanelColumns = 32;

    /// <summary>All rows against one panel.</summary>
    /// <param name="next">The panel of the next call, to be fetched meanwhile; null if there is none in memory.</param>
    [SkipLocalsInit]
    public static void Run<L, V>(
        float* a, long aRow, float* panel, float* c, long cRow, int m, int columns, int depth, Ending ending, float* next)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width, step;
        int lines = next == null ? 0 : LinesPerStep<L, V>(m);
        float* edge = stackalloc float[MostTileRows * MostPanelColumns], end = next + ((long)depth * width);
        for (int top = 0; top < m; top += step)
        {
            step = Step<L, V>(m - top);
            var ahead = next < end ? new Ahead(next, lines) : Ahead.Nothing;
            next += depth / 4 * lines * Ahead.LineFloats;
            float* source = a + (top * aRow), target = c + (top * cRow);
            if (columns == width)
            {
                Tile<L, V>(source, aRow, panel, target, cRow, depth, ending, ahead, step);
                continue;
            }

            Move(target, cRow, edge, width, (ending & Ending.First) == 0 ? step : 0, columns);
            Tile<L, V>(source, aRow, panel, edge, width, depth, ending, ahead, step);
            Move(edge, width, target, cRow, step, columns);
        }
    }

    /// <summary>
    /// At most <see cref="SkinnyRows"/> rows against as many panels as their tile takes, or the fewer that
    /// <paramref name="columns"/> reach into.
    /// </summary>
    [SkipLocalsInit]
    public static void RunSkinny<L, V>(
        float* a, long aRow, float* panels, long apart, float* c, long cRow, int m, int columns, int depth, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width * SkinnyTiles.Panels(m), last = (columns - 1) / (2 * L.Width);
        if (columns == width)
        {
            SkinnyTile<L, V>(a, aRow, panels, apart, last, c, cRow, m, depth, ending);
            return;
        }

        float* edge = stackalloc float[6 * MostPanelColumns];
        Move(c, cRow, edge, width, (ending & Ending.First) == 0 ? m : 0, columns);
        SkinnyTile<L, V>(a, aRow, panels, apart, last, edge, width, m, depth, ending);
        Move(edge, width, c, cRow, m, columns);
    }

    /// <summary>Rows of the next tile: full ones, then two or three nearly equal ones, since small tiles are slow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step<L, V>(int rows)
        where L : struct, ILanes<V>
        where V : struct
    {
        int most = L.Width == 8 ? 6 : 12;
        return rows >= most + 6 || rows == most ? most : rows <= 6 ? rows : (rows + 1) / 2 <= 6 ? (rows + 1) / 2 : (rows + 2) / 3;
    }

    /// <summary>Cache lines that each of the steps of all tiles must ask for to cover a panel; a step is four k.</summary>
    private static int LinesPerStep<L, V>(int rows)
        where L : struct, ILanes<V>
        where V : struct
    {
        int tiles = (rows + 5) / 6, panelLines = Math.Max(1, 8 * L.Width / Ahead.LineFloats);
        return (panelLines + tiles - 1) / tiles;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<L, V>(
        float* a, long aRow, float* panel, float* c, long cRow, int depth, Ending ending, Ahead ahead, int rows)
        where L : struct, ILanes<V>
        where V : struct
    {
        switch (rows)
        {
            case 12: WideTile.Rows12<L, V>(a, aRow, panel, c, cRow, depth, ending, ahead); break;
            case 6: Tiles.Rows6<L, V>(a, aRow, panel, c, cRow, depth, ending, ahead); break;
            case 5: Tiles.Rows5<L, V>(a, aRow, panel, c, cRow, depth, ending, ahead); break;
            case 4: Tiles.Rows4<L, V>(a, aRow, panel, c, cRow, depth, ending, ahead); break;
            default: RunSkinny<L, V>(a, aRow, panel, 0, c, cRow, rows, 2 * L.Width, depth, ending); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SkinnyTile<L, V>(
        float* a, long aRow, float* panels, long apart, int last, float* c, long cRow, int rows, int depth, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        switch (rows)
        {
            case 3: SkinnyTiles.Rows3<L, V>(a, aRow, panels, apart, last, c, cRow, depth, ending); break;
            case 2: SkinnyTiles.Rows2<L, V>(a, aRow, panels, apart, last, c, cRow, depth, ending); break;
            default: SkinnyTiles.Row1<L, V>(a, panels, apart, last, c, depth, ending); break;
        }
    }

    private static void Move(float* source, long sourceRow, float* target, long targetRow, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            new ReadOnlySpan<float>(source + (r * sourceRow), columns)
                .CopyTo(new Span<float>(target + (r * targetRow), columns));
    }
}
