using System.Buffers;
using System.Text;

namespace Starling.Compute.Generation;

/// <summary>
/// The text of an answer as it may be shown: holds back an unfinished character and whatever may become a stop text. What
/// it releases in all, and when it stops, does not depend on how the text is cut into tokens.
/// </summary>
public sealed class AnswerText(IReadOnlyList<string> stops)
{
    private readonly StopMatcher matcher = new(stops);
    private byte[] held = new byte[256];
    private int start, end;

    /// <summary>Whether a stop text was met; nothing after it is ever released.</summary>
    public bool Stopped { get; private set; }

    /// <summary>
    /// Takes the bytes that a token adds and returns those that can be shown now; valid until the next call. Bytes that
    /// are not UTF-8 pass as they are.
    /// </summary>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes)
    {
        Keep(bytes.Length);
        foreach (byte next in bytes)
        {
            if (Stopped)
                break;
            held[end++] = next;
            int stop = matcher.Take(next);
            if (stop > 0)
                (Stopped, end) = (true, end - stop);
        }

        return Release(Stopped ? end : Math.Min(end - matcher.Pending, WholeCharacters()));
    }

    /// <summary>The answer ended otherwise: what was held back. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Finish() => Release(end);

    private ReadOnlySpan<byte> Release(int to)
    {
        ReadOnlySpan<byte> shown = held.AsSpan(start, to - start);
        start = to;
        return shown;
    }

    /// <summary>Moves what is held to the front and makes room.</summary>
    private void Keep(int more)
    {
        held.AsSpan(start, end - start).CopyTo(held);
        (start, end) = (0, end - start);
        if (end + more > held.Length)
            Array.Resize(ref held, Math.Max(2 * held.Length, end + more));
    }

    /// <summary>Where a last character begins that more bytes could complete; the end if there is none.</summary>
    private int WholeCharacters()
    {
        for (int from = Math.Max(start, end - 3); from < end; from++)
            if (Rune.DecodeFromUtf8(held.AsSpan(from, end - from), out _, out _) == OperationStatus.NeedMoreData)
                return from;
        return end;
    }
}
