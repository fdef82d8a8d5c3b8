using System.Text.Json;
using Starling.Programs.Inference;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>Writes the answers of a chat, whole or in pieces.</summary>
internal sealed class ChatAnswers(GatewayRequest request, ChatRequest chat, int promptTokens)
{
    private long _completion;

    /// <summary>Everything in one document when all answers have ended.</summary>
    public async Task Collect(AnswerSet answers)
    {
        var choices = new List<ChatChoice>();
        for (var i = 0; i < answers.Count; i++)
        {
            var choice = Choice(i);
            choices.Add(choice);
            await foreach (var chunk in answers.Of(i))
                if (choice.Take(chunk))
                    break;
            _completion += choice.Tokens;
        }

        var body = AnswerJson.Write(json =>
        {
            Head(json, "chat.completion");
            json.WriteStartArray("choices");
            choices.ForEach(choice => choice.WriteWhole(json));
            json.WriteEndArray();
            AnswerJson.Usage(json, promptTokens, _completion);
            AnswerJson.Extension(json, request);
            json.WriteEndObject();
        });
        await request.Send(body, (int)_completion);
    }

    /// <summary>Pieces as they come.</summary>
    public async Task Stream(AnswerSet answers)
    {
        var events = new EventWriter(request.Http);
        await events.Begin();
        var choices = Enumerable.Range(0, answers.Count).Select(Choice).ToArray();
        foreach (var choice in choices)
            await events.Send(json => Piece(json, choice, choice.WriteFirst));
        var unsent = 0;
        try
        {
            await foreach (var (index, chunk) in answers.All())
            {
                var choice = choices[index];
                if (choice.HasEnded)
                    continue;
                unsent = chunk.Token >= 0 ? 1 : 0;
                _completion += unsent;
                request.Deliver(unsent);
                choice.Take(chunk);
                if (choice.HasNews)
                    await events.Send(json => Piece(json, choice, choice.WriteNews));
                unsent = 0;
                if (Array.TrueForAll(choices, each => each.HasEnded))
                    break;
            }

            if (chat.IncludeUsage)
                await events.Send(json =>
                {
                    Head(json, "chat.completion.chunk");
                    json.WriteStartArray("choices");
                    json.WriteEndArray();
                    AnswerJson.Usage(json, promptTokens, _completion);
                    json.WriteEndObject();
                });
            await events.End();
        }
        catch (OperationCanceledException) when (request.Aborted.IsCancellationRequested)
        {
            request.TakeBack(unsent);
        }
        catch (OpenAiException e)
        {
            await events.Send(json => json.WriteRawValue(OpenAiErrors.Body(e.Error)));
        }
    }

    private ChatChoice Choice(int index)
    {
        // A forced call is written bare, whatever the model's own way is.
        var style = chat.Grammar is null ? request.Model.Facts.Calls : ToolCallStyle.Bare;
        var reader = chat.Tools == ToolUse.None ? null : new ToolCallReader(style);
        return new ChatChoice(index, chat, reader, request.Model.Tokenizer);
    }

    private void Piece(Utf8JsonWriter json, ChatChoice choice, Action<Utf8JsonWriter> content)
    {
        Head(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice.Index);
        content(json);
        json.WriteEndObject();
        json.WriteEndArray();
        if (chat.IncludeUsage)
            json.WriteNull("usage");
        json.WriteEndObject();
    }

    private void Head(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", $"chatcmpl-{request.Id}");
        json.WriteString("object", kind);
        json.WriteNumber("created", request.Created);
        json.WriteString("model", request.Model.Name);
        json.WriteString("system_fingerprint", "starling-1");
    }
}
