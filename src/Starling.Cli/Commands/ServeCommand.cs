using System.CommandLine;
using System.Net;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Running;
using Starling.Cli.Sessions;
using Starling.Host.Local;
using Starling.Host.OpenAi;
using Starling.Host.Serving;

namespace Starling.Cli.Commands;

/// <summary><c>starling serve</c>: one model on this machine behind OpenAI's API, until stopped.</summary>
internal static class ServeCommand
{
    private const int MostReplicas = 64;
    private const int LongestInterval = 24 * 3_600;

    private static readonly Argument<string> s_model = new("model")
    {
        Description = "Folder of a model in Hugging Face layout, such as the output of a job.",
    };

    private static readonly Option<string?> s_name = new("--name") { Description = "The model's name in requests; the folder's name." };

    private static readonly Option<int> s_port = new("--port")
    {
        Description = "Port; 0 for any free one.",
        DefaultValueFactory = static _ => ServeFile.DefaultPort,
    };

    private static readonly Option<string> s_listen = new("--listen")
    {
        Description = "Address to listen on; others than 127.0.0.1 need --require-keys.",
        DefaultValueFactory = static _ => "127.0.0.1",
    };

    private static readonly Option<bool> s_keys = new("--require-keys")
    {
        Description = "Serve only requests with a key of 'starling keys create'.",
    };

    private static readonly Option<int?> s_context = new("--context")
    {
        Description = $"Tokens of prompt and answer together; the model's own, at most {ServeOptions.MostContext}.",
    };

    private static readonly Option<int> s_slots = new("--slots")
    {
        Description = "Answers at the same time.",
        DefaultValueFactory = static _ => 8,
    };

    private static readonly Option<int> s_queue = new("--queue")
    {
        Description = "Answers that may wait.",
        DefaultValueFactory = static _ => 64,
    };

    private static readonly Option<int?> s_replicas = new("--replicas")
    {
        Description = $"Answer by so many workers in processes of their own, 1 to {MostReplicas}; without it this process answers.",
    };

    private static readonly Option<int> s_interval = new("--interval")
    {
        Description = "Seconds between two settlements with each worker.",
        DefaultValueFactory = static _ => (int)WorkerTerms.UsualInterval.TotalSeconds,
    };

    private static readonly Option<string> s_input = Price("--price-input", "prompt");

    private static readonly Option<string> s_output = Price("--price-output", "answer");

    public static Command Create()
    {
        var command = new Command("serve", "Serve a model on this machine behind OpenAI's API.")
        {
            s_model, s_name, s_port, s_listen, s_keys, s_context, s_slots, s_queue, s_replicas, s_interval, s_input, s_output,
        };
        command.Does(Run);
        return command;
    }

    private static Option<string> Price(string name, string what) => new(name)
    {
        Description = $"What a million tokens of {what} cost, such as '0.20 USD'.",
        DefaultValueFactory = static _ => "0 USD",
    };

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(parsed.GetValue(s_model)!);
        var home = Shared.HomeOf(parsed);
        var keys = parsed.GetValue(s_keys);
        if (!IPAddress.TryParse(parsed.GetValue(s_listen), out var address))
            throw new CliException(ExitCode.BadInput, $"--listen: '{parsed.GetValue(s_listen)}' is no address: give one such as 0.0.0.0");
        if (!IPAddress.IsLoopback(address) && !keys)
            throw new CliException(ExitCode.BadInput, $"--listen: {address} can be reached from other machines: add --require-keys");
        await using var workers = await Workers(parsed, home, cancel);
        await using var service = await Start(parsed, folder, home, keys, address, workers, cancel);
        using var file = ServeFile.Write(home, service.Address);
        var model = service.Model;
        var result = new ServeResult(new Uri(service.Address, "/v1").ToString(), model.Name, model.Context, keys);
        Shared.PrinterOf(parsed).Print(result, static j => j.ServeResult, () => Printer.Pairs(
            ("model", $"{model.Name}, {model.Context} tokens of context"), ("base URL", result.BaseUrl),
            ("keys", keys ? "needed: 'starling keys create NAME'" : "not needed"),
            ("docs", new Uri(service.Address, "/docs").ToString()), ("try", "starling chat"), ("stop", "Ctrl+C")));
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        return ExitCode.Ok;
    }

    private static async Task<ServedWorkers?> Workers(ParseResult parsed, string home, CancellationToken cancel) =>
        parsed.GetValue(s_replicas) is not { } replicas ? null : await ServedWorkers.Start(
            home,
            new WorkerTerms(
                Within("--replicas", replicas, 1, MostReplicas),
                1_000L * Within("--interval", parsed.GetValue(s_interval), 1, LongestInterval)),
            Within("--slots", parsed.GetValue(s_slots), 1, 256), Within("--queue", parsed.GetValue(s_queue), 0, 4096), cancel);

    private static async Task<OpenAiService> Start(
        ParseResult parsed, string folder, string home, bool keys, IPAddress address, ServedWorkers? workers,
        CancellationToken cancel)
    {
        var options = new ServeOptions
        {
            Name = parsed.GetValue(s_name) ?? new DirectoryInfo(folder).Name,
            Context = parsed.GetValue(s_context) is { } context ? Within("--context", context, 2, 1 << 20) : null,
            Slots = Within("--slots", parsed.GetValue(s_slots), 1, 256),
            Queue = Within("--queue", parsed.GetValue(s_queue), 0, 4096),
            Prices = new TokenPrices(
                MoneyText.Micro("--price-input", parsed.GetValue(s_input)!), MoneyText.Micro("--price-output", parsed.GetValue(s_output)!)),
        };
        try
        {
            return await OpenAiService.Start(
                folder, options, keys ? home : null, address, parsed.GetValue(s_port), TimeProvider.System,
                static e => Console.Error.WriteLine($"starling: {e}"), KeyFile.Signer(Path.Combine(home, "identity.key")), cancel,
                workers is null ? null : model => workers.Answers(model, folder, cancel));
        }
        catch (IOException e)
        {
            throw new CliException(ExitCode.BadInput, e.Message, e);
        }
    }

    private static int Within(string option, int value, int least, int most) =>
        value >= least && value <= most ? value
            : throw new CliException(ExitCode.BadInput, $"{option}: {value} is not {least} to {most}");
}
