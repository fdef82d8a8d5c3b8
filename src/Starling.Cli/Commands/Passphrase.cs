using System.CommandLine;
using System.Text;
using Starling.Host.Local;

namespace Starling.Cli.Commands;

/// <summary>Where the passphrase of a node's keys comes from: a file, a variable, or the terminal when they need one.</summary>
internal static class Passphrase
{
    private const string Variable = "STARLING_PASSPHRASE";

    public static Option<string?> File { get; } = new("--passphrase-file")
    {
        Description = $"File with the passphrase of the node's keys, which encrypts them at rest; or set {Variable}.",
    };

    /// <summary>The passphrase, or null when none was given and none is needed.</summary>
    public static string? Read(ParseResult parsed, string home)
    {
        if (parsed.GetValue(File) is { } file)
            return NotEmpty(System.IO.File.ReadAllText(file).TrimEnd('\r', '\n'), $"--passphrase-file: {file}");
        if (Environment.GetEnvironmentVariable(Variable) is { } variable)
            return NotEmpty(variable, Variable);
        return KeyFile.IsEncrypted(Path.Combine(home, "key")) && !Console.IsInputRedirected ? Ask() : null;
    }

    private static string NotEmpty(string text, string place) =>
        text.Length > 0 ? text : throw new CliException(ExitCode.BadInput, $"{place} is empty: a passphrase has at least one character");

    private static string Ask()
    {
        Console.Error.Write("passphrase: ");
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            if (key.Key != ConsoleKey.Backspace)
                text.Append(key.KeyChar);
            else if (text.Length > 0)
                text.Length--;
        Console.Error.WriteLine();
        return text.ToString();
    }
}
