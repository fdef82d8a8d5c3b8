using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;

namespace Starling.Cli.Commands;

/// <summary><c>starling init</c>: writes a job file to start from.</summary>
internal static class InitCommand
{
    private const string Train =
        """
        version: 1
        train:
          model: {model_type: llama, hidden_size: 128, num_hidden_layers: 4, num_attention_heads: 4}   # keys of config.json
          dataset: data.txt      # any text, relative to this file
          tokenizer: bytes
          max_steps: 640         # steps of each worker
          batch_size: 8
          max_length: 64
          learning_rate: 3e-3
          workers: 2             # train in parallel, merged every sync_every steps
          sync_every: 40
        budget: 0.50 USD
        """;

    private const string Table =
        """
        version: 1
        train:
          model: {model_type: mlp, input_size: 30, hidden_sizes: [32], num_labels: 2}
          dataset: data.csv      # numbers, the class in the last column
          max_steps: 200
          batch_size: 32
          learning_rate: 3e-3
        budget: 0.10 USD
        """;

    private static readonly Argument<string> s_verb = new("verb")
    {
        Description = "train (a text) or table (a CSV).",
        DefaultValueFactory = static _ => "train",
    };

    public static Command Create()
    {
        s_verb.AcceptOnlyFromAmong("train", "table");
        var command = new Command("init", "Write a job file to start from.") { s_verb };
        command.Does((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var verb = parsed.GetValue(s_verb)!;
        var file = $"{verb}.yaml";
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew);
            stream.Write(System.Text.Encoding.UTF8.GetBytes((verb == "train" ? Train : Table) + "\n"));
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new CliException(ExitCode.BadInput, $"{file} is there already: move it away, or edit it");
        }

        Shared.PrinterOf(parsed).Print(new InitResult(file), static j => j.InitResult, () =>
            Console.Out.WriteLine($"wrote {file}; next: set its dataset, then 'starling quote {file}' and 'starling run {file}'"));
        return ExitCode.Ok;
    }
}
