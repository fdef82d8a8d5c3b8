using Starling.Arithmetic;

namespace Starling.Compute.Generation;

/// <summary>
/// A model over a cache of slots. The bits of a row depend on the tokens before it in its slot and on nothing else: not
/// on how they were cut into runs, on the slot, or on what other slots hold.
/// </summary>
internal sealed class CachedDecoder : IDisposable
{
    /// <summary>Tokens of one prefill run at most, where nothing else is asked for.</summary>
    public const int UsualChunk = 64;

    /// <summary>
    /// Runs of other sizes are filled up to a multiple of these with inert rows, so that few graphs serve all: up to the
    /// usual chunk, and beyond it.
    /// </summary>
    private const int ChunkStep = 8, LargeStep = 32;

    private readonly int largestChunk;

    private readonly DecoderModel model;
    private readonly KeyValueCache cache;
    private readonly Dictionary<PassShape, DecoderPass> passes = [];

    /// <exception cref="ArgumentOutOfRangeException">Slots or capacity are not positive or over the model's.</exception>
    public CachedDecoder(DecoderModel model, int slots, int capacity, int largestChunk = UsualChunk)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, model.Config.MaxPositions);
        this.model = model;
        this.largestChunk = largestChunk;
        cache = new KeyValueCache(model.Config, slots, capacity);
    }

    public int Slots => cache.Slots;

    public int Capacity => cache.Capacity;

    public int VocabularySize => model.Config.VocabularySize;

    /// <summary>Tokens of one prefill run at most.</summary>
    public int LargestChunk => largestChunk;

    /// <summary>Sizes of the runs in which <paramref name="count"/> tokens extend a slot, inert rows included.</summary>
    public static IEnumerable<int> Chunks(int count)
    {
        for (; count > 0; count -= UsualChunk)
            yield return ChunkOf(count, UsualChunk);
    }

    /// <summary>Extends a slot by tokens at positions from <paramref name="start"/> on.</summary>
    public void Extend(int slot, ReadOnlySpan<int> tokens, int start)
    {
        for (; !tokens.IsEmpty; start += largestChunk, tokens = tokens[Math.Min(largestChunk, tokens.Length)..])
            Run(PassShape.Extend(ChunkOf(tokens.Length, largestChunk)), slot, tokens, start);
    }

    /// <summary>Extends a slot by up to <see cref="LargestChunk"/> tokens: the logits after each, until the next run.</summary>
    /// <param name="silent">The first so many need none.</param>
    public unsafe TensorView Score(int slot, ReadOnlySpan<int> tokens, int start, int silent = 0)
    {
        PassShape shape = PassShape.Score(
            ChunkOf(tokens.Length, largestChunk), ChunkOf(tokens.Length - silent, largestChunk));
        if (shape.Picks)
            for (int i = 0; i < shape.Logits; i++)
                PassOf(shape).Pick(i, Math.Min(silent + i, tokens.Length - 1));
        TensorView logits = Run(shape, slot, tokens, start);
        return shape.Picks || silent == 0
            ? logits
            : new TensorView(logits.Data + ((long)silent * logits.Columns), new Shape(logits.Rows - silent, logits.Columns));
    }

    /// <summary>The run that extends neighbouring slots by one token each.</summary>
    public DecoderPass Decode(int slots) => PassOf(PassShape.Decode(slots));

    public void Copy(int from, int to, int rows) => cache.Copy(from, to, rows);

    public void Swap(int a, int b, int rows) => cache.Swap(a, b, rows);

    public void Dispose()
    {
        foreach (DecoderPass pass in passes.Values)
            pass.Dispose();
        cache.Dispose();
    }

    private static int ChunkOf(int count, int most)
    {
        int step = count <= UsualChunk ? ChunkStep : LargeStep;
        return Math.Min(most, (count + step - 1) / step * step);
    }

    private TensorView Run(PassShape shape, int slot, ReadOnlySpan<int> tokens, int start)
    {
        DecoderPass pass = PassOf(shape);
        for (int i = 0; i < shape.Rows; i++)
            if (i < tokens.Length)
                pass.Set(i, tokens[i], start + i);
            else
                pass.Set(i, token: 0, position: -1);
        return pass.Run(slot);
    }

    private DecoderPass PassOf(PassShape shape)
    {
        if (!passes.TryGetValue(shape, out DecoderPass? pass))
            passes.Add(shape, pass = new DecoderPass(model, cache, shape));
        return pass;
    }
}
