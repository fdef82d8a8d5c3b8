using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Blobs;

/// <summary>
/// Brings blobs into the local store and small ones into memory. Ask as often as you like: each ask starts what is
/// missing, waits while it is under way and retries after a failure.
/// </summary>
internal sealed class BlobDesk(int retryMs)
{
    private const string ReadTag = "blob";

    private readonly Dictionary<Hash256, Entry> _entries = [];

    /// <summary>True when the blob is in the local store.</summary>
    /// <param name="now">The step's instant.</param>
    /// <param name="content">The blob.</param>
    /// <param name="holders">Who may have it, best first.</param>
    /// <param name="effects">Takes the fetch.</param>
    public bool Have(Timestamp now, Hash256 content, Func<IReadOnlyList<NodeId>> holders, EffectList effects)
    {
        var entry = Of(content);
        if (entry.Stage == Stage.Absent && entry.RetryAt <= now)
        {
            entry.Stage = Stage.Fetching;
            effects.Add(new FetchBlob(content, holders()));
        }

        return entry.Stage is Stage.Local or Stage.Reading;
    }

    /// <summary>Since when nobody gives a blob; null where nobody was asked, or it is here.</summary>
    public Timestamp? MissingSince(Hash256 content) => _entries.GetValueOrDefault(content)?.MissingSince;

    /// <summary>The bytes of a small blob, once they are here.</summary>
    public byte[]? Bytes(Timestamp now, Hash256 content, Func<IReadOnlyList<NodeId>> holders, EffectList effects)
    {
        var entry = Of(content);
        if (entry.Bytes is not null || !Have(now, content, holders, effects))
            return entry.Bytes;
        if (entry.Stage == Stage.Local)
        {
            entry.Stage = Stage.Reading;
            effects.Add(new ReadBlob(ReadTag, content));
        }

        return null;
    }

    /// <summary>The local store has it: this node made it.</summary>
    public void Made(Hash256 content, byte[]? bytes = null)
    {
        var entry = Of(content);
        (entry.Stage, entry.MissingSince) = (Stage.Local, null);
        entry.Bytes = bytes ?? entry.Bytes;
    }

    /// <summary>The local store turned out not to have it after all.</summary>
    public void Lost(Timestamp now, Hash256 content)
    {
        var entry = Of(content);
        (entry.Stage, entry.Bytes, entry.RetryAt) = (Stage.Absent, null, now.After(retryMs));
    }

    /// <summary>Forgets the bytes; the local store keeps them.</summary>
    public void Release(Hash256 content) => Of(content).Bytes = null;

    /// <summary>Takes a completion; false when it is not one of this desk's.</summary>
    public bool Take(Timestamp now, Input input)
    {
        switch (input)
        {
            case BlobFetched fetched when _entries.TryGetValue(fetched.Content, out var entry):
                if (entry.Stage == Stage.Fetching)
                    (entry.Stage, entry.RetryAt) = (fetched.Found ? Stage.Local : Stage.Absent, now.After(retryMs));
                entry.MissingSince = fetched.Found ? null : entry.MissingSince ?? now;
                return true;
            case BlobRead { Tag: ReadTag } read when _entries.TryGetValue(read.Content, out var entry):
                if (entry.Stage == Stage.Reading)
                    (entry.Stage, entry.Bytes, entry.RetryAt) =
                        (read.Bytes is null ? Stage.Absent : Stage.Local, read.Bytes, now.After(retryMs));
                return true;
            default:
                return input is BlobFetched or BlobRead { Tag: ReadTag };
        }
    }

    private Entry Of(Hash256 content)
    {
        if (!_entries.TryGetValue(content, out var entry))
            _entries.Add(content, entry = new Entry());
        return entry;
    }

    private enum Stage
    {
        Absent,
        Fetching,
        Local,
        Reading,
    }

    private sealed class Entry
    {
        public Stage Stage { get; set; }

        public Timestamp RetryAt { get; set; }

        public byte[]? Bytes { get; set; }

        public Timestamp? MissingSince { get; set; }
    }
}
