using System.Text;
using System.Text.Json;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>One completion of text in the making.</summary>
/// <param name="echo">What the text begins with.</param>
internal sealed class TextChoice(int index, CompletionRequest completion, string echo, ITokenizer tokenizer)
{
    private readonly StringBuilder _text = new(echo);
    private readonly List<AnswerChunk> _tokens = [];
    private string? _finish;
    private int _offset;

    public int Tokens { get; private set; }

    /// <summary>Whether there is anything that was not written yet.</summary>
    public bool HasNews => _text.Length > 0 || _tokens.Count > 0 || _finish is not null;

    /// <summary>Takes the next chunk; true when the answer is over.</summary>
    public bool Take(AnswerChunk chunk)
    {
        Tokens += chunk.Token >= 0 ? 1 : 0;
        if (completion.Settings.TopLogprobs is not null && chunk.Token >= 0 && !completion.Settings.StopTokens.Contains(chunk.Token))
            _tokens.Add(chunk);
        _text.Append(chunk.Text);
        if (chunk.Stop is { } stop)
            _finish = AnswerJson.FinishReason(stop) ?? throw new OpenAiException(new ApiError(
                500, "server_error", $"The model gave no answer that can be used ({stop}).", null, "model_error"));
        return _finish is not null;
    }

    /// <summary>Writes what was not written yet.</summary>
    public void WriteNews(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteString("text", _text.ToString());
        if (completion.Settings.TopLogprobs is null)
            json.WriteNull("logprobs");
        else
            AnswerJson.TextLogprobs(json, _tokens, tokenizer, _offset);
        json.WriteString("finish_reason", _finish);
        json.WriteEndObject();
        _offset += _text.Length;
        _text.Clear();
        _tokens.Clear();
    }
}
