using Starling.Protocol.Identity;

namespace Starling.Host.Serving.Routing;

/// <summary>Remembers which worker was last given a prompt that begins alike: its cache may hold that beginning.</summary>
internal sealed class PrefixMemory
{
    private const int Block = 32;
    private const int MostBlocks = 64;
    private const int Kept = 8_192;
    private const ulong Offset = 0xcbf29ce484222325;

    private readonly Dictionary<ulong, NodeId> _workers = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>The worker that had the longest beginning, and its tokens; none for a prompt that begins like no other.</summary>
    public (NodeId Worker, int Tokens)? Find(ReadOnlySpan<int> prompt)
    {
        (NodeId, int)? best = null;
        var hash = Offset;
        for (var block = 0; block < Blocks(prompt); block++)
        {
            hash = Extend(hash, prompt.Slice(block * Block, Block));
            if (!_workers.TryGetValue(hash, out var worker))
                break;
            best = (worker, (block + 1) * Block);
        }

        return best;
    }

    public void Note(ReadOnlySpan<int> prompt, NodeId worker)
    {
        var hash = Offset;
        for (var block = 0; block < Blocks(prompt); block++)
        {
            hash = Extend(hash, prompt.Slice(block * Block, Block));
            if (!_workers.ContainsKey(hash))
                _order.Enqueue(hash);
            _workers[hash] = worker;
        }

        while (_order.Count > Kept)
            _workers.Remove(_order.Dequeue());
    }

    private static int Blocks(ReadOnlySpan<int> prompt) => Math.Min(prompt.Length / Block, MostBlocks);

    /// <summary>FNV-1a over tokens: what it mixes up costs a cache miss and nothing else.</summary>
    private static ulong Extend(ulong hash, ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
            hash = (hash ^ (uint)token) * 0x100000001b3;
        return hash;
    }
}
