using Starling.Arithmetic;

namespace Starling.Compute.Training;

/// <summary>
/// A worker's part of a text. Sequence b of step s starts at an offset drawn by Philox from (seed, step, worker, b), so
/// the order of the data needs no state and no two machines can disagree about it.
/// </summary>
public sealed class TokenShard : ITrainingData
{
    private readonly ReadOnlyMemory<int> tokens;
    private readonly int length;
    private readonly ulong seed;
    private readonly int worker;

    /// <param name="tokens">The worker's tokens; at least one more than <paramref name="length"/>.</param>
    /// <param name="length">Tokens per sequence.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="worker">Its number: workers draw independently.</param>
    /// <exception cref="ArgumentException">The shard is shorter than one sequence and its last target.</exception>
    public TokenShard(ReadOnlyMemory<int> tokens, int length, ulong seed, int worker)
    {
        if (tokens.Length <= length)
            throw new ArgumentException(
                $"A shard of {tokens.Length} tokens is too short for sequences of {length}.", nameof(tokens));
        this.tokens = tokens;
        this.length = length;
        this.seed = seed;
        this.worker = worker;
    }

    /// <summary>A worker's part of <paramref name="total"/> tokens: contiguous, covering, disjoint.</summary>
    public static Range PartOf(int total, int worker, int workers) =>
        (int)((long)total * worker / workers)..(int)((long)total * (worker + 1) / workers);

    public void Fill(long step, int first, int count, TensorView data, TensorView targets)
    {
        ReadOnlySpan<int> all = tokens.Span;
        for (int sequence = 0; sequence < count; sequence++)
        {
            int start = DataOrder.Draw(seed, step, worker, first + sequence, all.Length - length);
            TokenWindow.Copy(all.Slice(start, length + 1), sequence, data, targets);
        }
    }
}
