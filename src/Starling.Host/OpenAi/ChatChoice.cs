using System.Text;
using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Compute.Tokens;
using Starling.Programs.Inference;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>One answer of a chat in the making: text, calls and probabilities, and what of them is news.</summary>
internal sealed class ChatChoice(int index, ChatRequest chat, ToolCallReader? reader, ITokenizer tokenizer)
{
    private readonly StringBuilder _text = new();
    private readonly List<ToolCall> _calls = [];
    private readonly List<AnswerChunk> _tokens = [];
    private int _shownText;
    private int _shownCalls;
    private int _shownTokens;
    private string? _finish;
    private bool _shownFinish;

    public int Index => index;

    /// <summary>Tokens of the answer.</summary>
    public int Tokens { get; private set; }

    public bool HasEnded => _finish is not null;

    public bool HasNews => _shownText < _text.Length || _shownCalls < _calls.Count || _shownTokens < _tokens.Count
        || _shownFinish != HasEnded;

    private bool HasLogprobs => chat.Settings.TopLogprobs is not null;

    /// <summary>Takes the next chunk; true when the answer is over.</summary>
    public bool Take(AnswerChunk chunk)
    {
        Tokens += chunk.Token >= 0 ? 1 : 0;
        // A token that ends the answer is no part of what is shown.
        if (HasLogprobs && chunk.Token >= 0 && !chat.Settings.StopTokens.Contains(chunk.Token))
            _tokens.Add(chunk);
        Add(reader?.Take(chunk.Text) ?? [new AnswerPart(chunk.Text, null)]);
        if (!chat.ParallelCalls && _calls.Count > 0)
            _finish = "tool_calls";
        else if (chunk.Stop is { } stop)
            End(stop);
        return HasEnded;
    }

    public void WriteWhole(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", _text.Length == 0 && _calls.Count > 0 ? null : _text.ToString());
        json.WriteNull("refusal");
        if (_calls.Count > 0)
            WriteCalls(json, 0, numbered: false);
        json.WriteEndObject();
        WriteLogprobs(json, 0);
        json.WriteString("finish_reason", _finish);
        json.WriteEndObject();
    }

    public void WriteFirst(Utf8JsonWriter json)
    {
        json.WriteStartObject("delta");
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteNull("finish_reason");
    }

    public void WriteNews(Utf8JsonWriter json)
    {
        json.WriteStartObject("delta");
        if (_shownText < _text.Length || (_shownTokens < _tokens.Count && _calls.Count == 0))
            json.WriteString("content", _text.ToString(_shownText, _text.Length - _shownText));
        if (_shownCalls < _calls.Count)
            WriteCalls(json, _shownCalls, numbered: true);
        json.WriteEndObject();
        WriteLogprobs(json, _shownTokens);
        json.WriteString("finish_reason", _finish);
        (_shownText, _shownCalls, _shownTokens, _shownFinish) = (_text.Length, _calls.Count, _tokens.Count, HasEnded);
    }

    private void Add(IReadOnlyList<AnswerPart> parts)
    {
        foreach (var (text, call) in parts)
            if (call is not null && (chat.ParallelCalls || _calls.Count == 0))
                _calls.Add(call);
            else
                _text.Append(text);
    }

    private void End(GenerationStop stop)
    {
        if (reader is not null)
            Add(reader.Finish());
        var reason = AnswerJson.FinishReason(stop) ?? throw new OpenAiException(new ApiError(
            500, "server_error", $"The model gave no answer that can be used ({stop}).", null, "model_error"));
        // A call that the request named itself is told by "stop", as OpenAI does.
        _finish = _calls.Count > 0 && chat.Tools != ToolUse.Named ? "tool_calls" : reason;
    }

    private void WriteLogprobs(Utf8JsonWriter json, int from)
    {
        if (HasLogprobs)
            AnswerJson.ChatLogprobs(json, _tokens.Skip(from), tokenizer);
        else
            json.WriteNull("logprobs");
    }

    private void WriteCalls(Utf8JsonWriter json, int from, bool numbered)
    {
        json.WriteStartArray("tool_calls");
        for (var i = from; i < _calls.Count; i++)
        {
            json.WriteStartObject();
            if (numbered)
                json.WriteNumber("index", i);
            json.WriteString("id", $"call_{Guid.NewGuid():n}"[..29]);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", _calls[i].Name);
            json.WriteString("arguments", _calls[i].Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
