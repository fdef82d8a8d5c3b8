using Starling.Protocol.Encoding;

namespace Starling.Protocol.Answers;

/// <summary>Lists of token ids in records.</summary>
internal static class TokenList
{
    public static int[] Read(FieldReader f, int key, int maxCount) => f.List(key, maxCount, static r => ReadToken(r));

    public static void Write(FieldWriter f, int key, int[] tokens) => f.List(key, tokens, static (w, t) => w.Integer(t));

    public static int ReadToken(ItemReader reader)
    {
        var token = reader.Integer();
        return token is >= 0 and < AnswerLimits.Vocabulary
            ? (int)token
            : throw new DecodeException("token", $"{token} is outside 0..{AnswerLimits.Vocabulary - 1}");
    }
}
