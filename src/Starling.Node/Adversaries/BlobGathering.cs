using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Reads blobs of the local store into memory, so that an adversary can compute with them itself. Calls back once all
/// were answered; one that is not there is left out.
/// </summary>
internal sealed class BlobGathering(string prefix)
{
    /// <summary>Told the instant, the blobs by content, and where the effects of that step go.</summary>
    public delegate void Gathered(Timestamp now, IReadOnlyDictionary<Hash256, byte[]> blobs, EffectList effects);

    private readonly Dictionary<string, Gathering> _open = [];
    private long _number;

    public void Begin(Timestamp now, IEnumerable<Hash256> contents, EffectList effects, Gathered then)
    {
        var wanted = contents.Distinct().ToArray();
        if (wanted.Length == 0)
        {
            then(now, new Dictionary<Hash256, byte[]>(), effects);
            return;
        }

        var tag = $"{prefix}/{_number++}";
        _open[tag] = new Gathering(wanted.Length, then);
        foreach (var content in wanted)
            effects.Add(new ReadBlob(tag, content));
    }

    /// <summary>Takes an answer; false when it is not one of these.</summary>
    public bool Take(Timestamp now, Input input, EffectList effects)
    {
        if (input is not BlobRead read || !_open.TryGetValue(read.Tag, out var gathering))
            return false;
        if (read.Bytes is { } bytes)
            gathering.Read[read.Content] = bytes;
        if (--gathering.Left > 0)
            return true;
        _open.Remove(read.Tag);
        gathering.Then(now, gathering.Read, effects);
        return true;
    }

    private sealed class Gathering(int left, Gathered then)
    {
        public int Left { get; set; } = left;

        public Dictionary<Hash256, byte[]> Read { get; } = [];

        public Gathered Then { get; } = then;
    }
}
