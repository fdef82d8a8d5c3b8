using Microsoft.AspNetCore.Http;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary><c>POST /v1/completions</c>.</summary>
internal static class CompletionEndpoint
{
    /// <summary>Answers to one request.</summary>
    private const int MostAnswers = 64;

    public static async Task Handle(HttpContext http, OpenAiGateway gateway)
    {
        using var request = await GatewayRequest.Open(gateway, http);
        var completion = RequestReader.ReadCompletion(request.Body, request.Model.Facts, out var error)
            ?? throw new OpenAiException(error!);
        var prompts = completion.Prompts.Select(prompt => Tokens(request.Model, prompt, "prompt")).ToArray();
        if (prompts.Length * completion.Choices > MostAnswers)
            throw new OpenAiException(ApiError.Invalid(
                "prompt", $"The request asks for {prompts.Length * completion.Choices} answers; at most {MostAnswers} are given.",
                "invalid_value"));
        var most = completion.Settings.MaxNewTokens;
        if (prompts.FirstOrDefault(prompt => prompt.Length + (long)most > request.Model.Context) is { } longest)
            throw new OpenAiException(ApiError.ContextOverflow(
                request.Model.Context, longest.Length, longest.Length < request.Model.Context ? most : null, "prompt"));
        var settings = completion.Settings with { Seed = request.Seed(completion.HasSeed, completion.Settings.Seed) };
        var promptTokens = prompts.Sum(prompt => (long)prompt.Length);
        request.Reserve(promptTokens, (long)most * prompts.Length * completion.Choices);
        using var answers = await AnswerSet.Start(
            request, gateway.AnswersOf(request.Model), prompts, completion.Choices, settings, grammar: null);
        var writer = new CompletionAnswers(request, completion, prompts, promptTokens);
        await (completion.Stream ? writer.Stream(answers) : writer.Collect(answers));
    }

    /// <summary>The tokens of an input, at least one.</summary>
    public static int[] Tokens(ServedModel model, TextOrTokens input, string field)
    {
        var tokens = input.Text is { } text ? model.Tokenizer.Encode(text, EncodeMode.Whole) : input.Tokens;
        return tokens.Length > 0 ? tokens
            : throw new OpenAiException(ApiError.Invalid(field, "An empty text has no tokens.", "invalid_value"));
    }
}
