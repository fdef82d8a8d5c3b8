using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Answers;

/// <summary>Why an answer ended. Values are consensus, and those of the engine.</summary>
public enum AnswerStop
{
    /// <summary>It goes on, or was cut off: what was delivered is paid.</summary>
    None = 0,
    MaxTokens = 1,
    ContextFull = 2,

    /// <summary>The logits after the last token are not finite; their hash follows those of the tokens.</summary>
    NotFinite = 3,
    StopToken = 5,
    StopText = 6,

    /// <summary>The grammar allows no token; the hash of the last logits follows those of the tokens.</summary>
    NoTokenAllowed = 7,
}

/// <summary>Some tokens of an answer in the making.</summary>
/// <param name="Tokens">Those that it adds.</param>
/// <param name="Logits">
/// For each, the BLAKE3 of the logits that it was chosen from: fp32, padded with zeros to whole KiB.
/// </param>
/// <param name="Stop">Why the answer ends here.</param>
public sealed record AnswerChunk(int[] Tokens, Hash256[] Logits, AnswerStop Stop) : IRecord<AnswerChunk>
{
    private static readonly HashDomain s_domain = HashDomain.Get("answer chunk");

    public static RecordType Type => RecordType.AnswerChunk;

    /// <summary>Whether the logits behind the last token are committed to: they show why no token follows.</summary>
    public static bool ShowsLast(AnswerStop stop) => stop is AnswerStop.NotFinite or AnswerStop.NoTokenAllowed;

    /// <summary>The running root after this chunk: what the worker signs.</summary>
    /// <param name="root">The running root before it.</param>
    public Hash256 Extend(Hash256 root)
    {
        var encoded = RecordCodec.Encode(this);
        var bytes = new byte[Hash256.Size + encoded.Length];
        root.CopyTo(bytes);
        encoded.CopyTo(bytes, Hash256.Size);
        return s_domain.Hash(bytes);
    }

    public static AnswerChunk Read(FieldReader f)
    {
        var read = new AnswerChunk(
            TokenList.Read(f, 1, AnswerLimits.ChunkTokens), f.Hashes(2, AnswerLimits.ChunkTokens + 1), (AnswerStop)f.Int32(3, 0, 7));
        if (read.Stop == (AnswerStop)4)
            throw f.Fail(3, "an answer that was cut off has no stop");
        return read.Logits.Length == read.Tokens.Length + (ShowsLast(read.Stop) ? 1 : 0)
            ? read
            : throw f.Fail(2, $"{read.Logits.Length} hashes for {read.Tokens.Length} tokens that end with {read.Stop}");
    }

    public void Write(FieldWriter f)
    {
        TokenList.Write(f, 1, Tokens);
        f.Hashes(2, Logits);
        f.Integer(3, (int)Stop);
    }
}
