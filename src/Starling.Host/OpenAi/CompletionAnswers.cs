using System.Text.Json;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>Writes completions of text, whole or in pieces.</summary>
internal sealed class CompletionAnswers(
    GatewayRequest request, CompletionRequest completion, IReadOnlyList<int[]> prompts, long promptTokens)
{
    private long _completion;

    public async Task Collect(AnswerSet answers)
    {
        var choices = new List<TextChoice>();
        for (var i = 0; i < answers.Count; i++)
        {
            var choice = Choice(i);
            choices.Add(choice);
            await foreach (var chunk in answers.Of(i))
                if (choice.Take(chunk))
                    break;
        }

        _completion = choices.Sum(choice => (long)choice.Tokens);
        var body = AnswerJson.Write(json =>
        {
            Head(json);
            json.WriteStartArray("choices");
            choices.ForEach(choice => choice.WriteNews(json));
            json.WriteEndArray();
            AnswerJson.Usage(json, promptTokens, _completion);
            AnswerJson.Extension(json, request);
            json.WriteEndObject();
        });
        await request.Send(body, (int)_completion);
    }

    public async Task Stream(AnswerSet answers)
    {
        var events = new EventWriter(request.Http);
        await events.Begin();
        var choices = Enumerable.Range(0, answers.Count).Select(Choice).ToArray();
        var unsent = 0;
        try
        {
            await foreach (var (index, chunk) in answers.All())
            {
                var choice = choices[index];
                unsent = chunk.Token >= 0 ? 1 : 0;
                _completion += unsent;
                request.Deliver(unsent);
                choice.Take(chunk);
                if (choice.HasNews)
                    await events.Send(json => Piece(json, choice));
                unsent = 0;
            }

            if (completion.IncludeUsage)
                await events.Send(json =>
                {
                    Head(json);
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

    private TextChoice Choice(int index)
    {
        var prompt = completion.Prompts[index / completion.Choices];
        var echo = !completion.Echo ? "" : prompt.Text ?? request.Model.Tokenizer.Decode(prompts[index / completion.Choices]);
        return new TextChoice(index, completion, echo, request.Model.Tokenizer);
    }

    private void Piece(Utf8JsonWriter json, TextChoice choice)
    {
        Head(json);
        json.WriteStartArray("choices");
        choice.WriteNews(json);
        json.WriteEndArray();
        if (completion.IncludeUsage)
            json.WriteNull("usage");
        json.WriteEndObject();
    }

    private void Head(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", $"cmpl-{request.Id}");
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", request.Created);
        json.WriteString("model", request.Model.Name);
        json.WriteString("system_fingerprint", "starling-1");
    }
}
