using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Serving;

/// <summary>One answer at its worker: what was made, signed, sent and paid.</summary>
internal sealed class AnswerInProgress(Hash256 name, ServedAnswer served)
{
    private readonly List<ServedChunk> _chunks = [];
    private readonly List<Hash256> _roots = [];

    public Hash256 Name { get; } = name;

    public AnswerRequest Request => served.Request;

    public NodeId Gateway => served.Gateway;

    public ChannelId Channel => served.Channel;

    public AnswerBeyond Beyond => served.Beyond;

    public int? TopLogprobs => served.TopLogprobs;

    /// <summary>Of the last chunk, as told with it; none after a restart.</summary>
    public TokenOdds[] Odds { get; private set; } = [];

    /// <summary>Whether there is nothing left to send or to be paid for.</summary>
    public bool IsQuiet => Over && (IsClosed || Paid == _chunks.Count);

    public IReadOnlyList<ServedChunk> Chunks => _chunks;

    /// <summary>Running roots, one per chunk.</summary>
    public IReadOnlyList<Hash256> Roots => _roots;

    /// <summary>Chunks that a voucher named.</summary>
    public int Paid { get; set; }

    /// <summary>Chunks sent; the first unpaid one is sent again until it is paid.</summary>
    public int Sent { get; set; }

    public Timestamp ResendAt { get; set; }

    /// <summary>Times that the last chunk was sent again.</summary>
    public int Tries { get; set; }

    /// <summary>Whether the engine has it.</summary>
    public bool IsMaking { get; set; }

    /// <summary>Its gateway wants no more, or does not pay.</summary>
    public bool IsClosed { get; set; }

    /// <summary>No chunk follows.</summary>
    public bool Over { get; set; }

    public Hash256 Root => _roots.Count == 0 ? Name : _roots[^1];

    /// <summary>The chunk with this running root; -1 if there is none. It is one of the last, mostly.</summary>
    public int Find(Hash256 root) => _roots.LastIndexOf(root);

    public void Add(ServedChunk chunk, TokenOdds[] odds)
    {
        _roots.Add(chunk.Chunk.Extend(Root));
        _chunks.Add(chunk);
        Odds = odds;
        Over |= chunk.Chunk.Stop != AnswerStop.None;
    }

    /// <summary>As an interval commits to it: every chunk up to the last one signed in it; null if none was.</summary>
    public AnswerRecord? At(ulong interval)
    {
        var last = _chunks.FindLastIndex(c => c.Interval == interval);
        return last < 0 ? null : new AnswerRecord(Request, [.. _chunks.Take(last + 1).Select(static c => c.Chunk)]);
    }
}
