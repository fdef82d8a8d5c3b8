using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Starling.Cli.Sessions;
using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary><c>starling chat</c>: talks with a served model; takes one message from a pipe.</summary>
internal static class ChatCommand
{
    private static readonly Option<string?> s_model = new("--model") { Description = "The model; the first one that is served." };

    private static readonly Option<string?> s_key = new("--key") { Description = "API key; STARLING_API_KEY." };

    private static readonly Option<string?> s_system = new("--system") { Description = "What the model is told before the chat." };

    private static readonly Option<double?> s_temperature = new("--temperature") { Description = "0 for the likeliest answer." };

    private static readonly Option<int?> s_most = new("--max-tokens") { Description = "Tokens of an answer at most." };

    private static readonly Option<long?> s_seed = new("--seed") { Description = "The same chat with the same seed has the same answers." };

    public static Command Create()
    {
        var command = new Command("chat", "Chat with a served model; a message on standard input is answered once.")
        {
            s_model, s_key, s_system, s_temperature, s_most, s_seed,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var address = Shared.UrlOf(parsed) ?? ServeFile.Read(Shared.HomeOf(parsed)) ?? ServeFile.Default;
        using var client = new ChatClient(address, parsed.GetValue(s_key) ?? Environment.GetEnvironmentVariable("STARLING_API_KEY"));
        try
        {
            var model = parsed.GetValue(s_model) ?? (await client.Models(cancel)).FirstOrDefault()
                ?? throw new CliException(ExitCode.Failed, $"{address} serves no model");
            var messages = new JsonArray();
            if (parsed.GetValue(s_system) is { } system)
                messages.Add(Message("system", system));
            if (Console.IsInputRedirected)
                await Answer(parsed, client, model, messages, (await Console.In.ReadToEndAsync(cancel)).TrimEnd('\n'), cancel);
            else
                await Talk(parsed, client, model, messages, cancel);
            return ExitCode.Ok;
        }
        catch (ChatException e)
        {
            var code = e.Status switch { 402 => ExitCode.OverBudget, >= 400 and < 500 => ExitCode.BadInput, _ => ExitCode.Failed };
            throw new CliException(code, e.Message, e);
        }
        catch (UnreachableException e)
        {
            throw new CliException(
                ExitCode.Unreachable,
                $"no model is served at {address}: start one with 'starling serve FOLDER', or name another with --url", e);
        }
    }

    private static async Task Talk(ParseResult parsed, ChatClient client, string model, JsonArray messages, CancellationToken cancel)
    {
        await Console.Error.WriteLineAsync($"{model}; an empty line ends the chat");
        while (true)
        {
            await Console.Error.WriteAsync("> ");
            if (await Console.In.ReadLineAsync(cancel) is not { Length: > 0 } line)
                return;
            await Answer(parsed, client, model, messages, line, cancel);
        }
    }

    private static async Task Answer(
        ParseResult parsed, ChatClient client, string model, JsonArray messages, string text, CancellationToken cancel)
    {
        messages.Add(Message("user", text));
        var request = new JsonObject { ["model"] = model, ["messages"] = messages.DeepClone() };
        if (parsed.GetValue(s_temperature) is { } temperature)
            request["temperature"] = temperature;
        if (parsed.GetValue(s_most) is { } most)
            request["max_tokens"] = most;
        if (parsed.GetValue(s_seed) is { } seed)
            request["seed"] = seed;
        var answer = new StringBuilder();
        await foreach (var piece in client.Stream(request, cancel))
        {
            answer.Append(piece);
            await Console.Out.WriteAsync(piece);
            await Console.Out.FlushAsync(cancel);
        }

        await Console.Out.WriteLineAsync();
        messages.Add(Message("assistant", answer.ToString()));
    }

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };
}
