using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Compute.Tokens;

namespace Starling.Host.OpenAi;

/// <summary>Parts of answers that several endpoints write.</summary>
internal static class AnswerJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? FinishReason(GenerationStop stop) => stop switch
    {
        GenerationStop.MaxNewTokens or GenerationStop.ContextFull => "length",
        // A constraint that allows no more tokens has its whole value.
        GenerationStop.StopToken or GenerationStop.StopText or GenerationStop.NoTokenAllowed => "stop",
        _ => null,
    };

    public static void Usage(Utf8JsonWriter json, long prompt, long completion)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", completion);
        json.WriteNumber("total_tokens", prompt + completion);
        json.WriteEndObject();
    }

    /// <summary>What is ours in a response; clients of OpenAI's pass over it.</summary>
    public static void Extension(Utf8JsonWriter json, GatewayRequest request)
    {
        if (request.ReceiptPath is not { } path)
            return;
        json.WriteStartObject("starling");
        json.WriteString("receipt", path);
        json.WriteEndObject();
    }

    /// <summary>As chats tell probabilities: an object per token.</summary>
    public static void ChatLogprobs(Utf8JsonWriter json, IEnumerable<AnswerChunk> chunks, ITokenizer tokenizer)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var chunk in chunks)
        {
            json.WriteStartObject();
            Token(json, tokenizer, chunk.Token, chunk.Logprob);
            json.WriteStartArray("top_logprobs");
            foreach (var (token, logprob) in chunk.Top)
            {
                json.WriteStartObject();
                Token(json, tokenizer, token, logprob);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    /// <summary>As completions tell them: lists side by side.</summary>
    /// <param name="offset">Where the first token begins in the text.</param>
    public static void TextLogprobs(Utf8JsonWriter json, IReadOnlyList<AnswerChunk> chunks, ITokenizer tokenizer, int offset)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("tokens");
        foreach (var chunk in chunks)
            json.WriteStringValue(TextOf(tokenizer, chunk.Token));
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var chunk in chunks)
            json.WriteNumberValue(chunk.Logprob);
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var chunk in chunks)
        {
            json.WriteStartObject();
            // Different tokens can have the same text; the likelier one is told.
            foreach (var same in chunk.Top.GroupBy(top => TextOf(tokenizer, top.Token)))
                json.WriteNumber(same.Key, same.First().Logprob);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var chunk in chunks)
        {
            json.WriteNumberValue(offset);
            offset += TextOf(tokenizer, chunk.Token).Length;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            content(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Token(Utf8JsonWriter json, ITokenizer tokenizer, int token, float logprob)
    {
        json.WriteString("token", TextOf(tokenizer, token));
        json.WriteNumber("logprob", logprob);
        json.WriteStartArray("bytes");
        foreach (var value in tokenizer.BytesOf(token))
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static string TextOf(ITokenizer tokenizer, int token) => Encoding.UTF8.GetString(tokenizer.BytesOf(token));
}
