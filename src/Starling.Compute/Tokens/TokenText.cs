using System.Buffers;
using System.Text;
using Starling.Compute.Generation;

namespace Starling.Compute.Tokens;

/// <summary>The text of tokens as the bytes that each stands for, one after the other.</summary>
internal sealed class TokenText(ITokenizer tokenizer) : ITokenText
{
    public ReadOnlySpan<byte> Append(int token) => tokenizer.BytesOf(token);

    public static string Join(ITokenizer tokenizer, ReadOnlySpan<int> tokens)
    {
        ArrayBufferWriter<byte> bytes = new();
        foreach (int token in tokens)
            bytes.Write(tokenizer.BytesOf(token));
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
