using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Requests;
using Starling.Programs.Inference.Templates;

namespace Starling.Host.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class ChatEndpoint
{
    public static async Task Handle(HttpContext http, OpenAiGateway gateway)
    {
        using var request = await GatewayRequest.Open(gateway, http);
        var chat = RequestReader.ReadChat(request.Body, request.Model.Facts, out var error) ?? throw new OpenAiException(error!);
        var prompt = Prompt(request.Model, chat, gateway.Time);
        var room = request.Model.Context - prompt.Length;
        var most = chat.HasMost ? chat.Settings.MaxNewTokens : Math.Max(room, 1);
        if (most > room)
            throw new OpenAiException(ApiError.ContextOverflow(
                request.Model.Context, prompt.Length, chat.HasMost && room > 0 ? most : null, "messages"));
        var settings = chat.Settings with { MaxNewTokens = most, Seed = request.Seed(chat.HasSeed, chat.Settings.Seed) };
        request.Reserve(prompt.Length, (long)most * chat.Choices);
        using var answers = await AnswerSet.Start(
            request, gateway.AnswersOf(request.Model), [prompt], chat.Choices, settings, chat.Grammar);
        var writer = new ChatAnswers(request, chat, prompt.Length);
        await (chat.Stream ? writer.Stream(answers) : writer.Collect(answers));
    }

    private static int[] Prompt(ServedModel model, ChatRequest chat, TimeProvider time)
    {
        var variables = JsonObject.Create(chat.Variables)!;
        foreach (var (name, value) in model.Texts.Names)
            variables.TryAdd(name, value?.DeepClone());
        var text = model.Texts.Template.Render(
            JsonSerializer.SerializeToElement(variables, OpenAiJson.Default.JsonObject), time.GetUtcNow(), out var problem);
        if (text is null)
            throw new OpenAiException(problem!.Code == TemplateProblemCode.Raised
                ? ApiError.Invalid("messages", $"The model's chat template refuses these messages: {problem.Message}", "invalid_messages")
                : ApiError.Invalid("messages", $"The model's chat template cannot show these messages: {problem}", "invalid_messages"));
        var tokens = model.Tokenizer.Encode(text, EncodeMode.Fragment);
        return tokens.Length > 0 ? tokens
            : throw new OpenAiException(ApiError.Invalid(
                "messages", "The messages have no text, so there is nothing to answer.", "invalid_value"));
    }
}
