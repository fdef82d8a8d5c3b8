using System.CommandLine;
using Starling.Cli.Output;
using Starling.Client;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Processes;

namespace Starling.Cli.Commands;

/// <summary>Options that every command takes, and the one place where failures become messages and exit codes.</summary>
internal static class Shared
{
    public static Option<string?> Home { get; } = new("--home")
    {
        Description = "Folder of the local network and of this user's key; STARLING_HOME, or ~/.starling/local.",
        Recursive = true,
    };

    public static Option<string?> Url { get; } = new("--url")
    {
        Description = "Address of a network's API; STARLING_URL, or the local network's.",
        Recursive = true,
    };

    public static Option<string> Format { get; } = CreateFormat();

    public static string HomeOf(ParseResult parsed, string usual = "local") => Path.GetFullPath(
        parsed.GetValue(Home)
        ?? Environment.GetEnvironmentVariable("STARLING_HOME")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".starling", usual));

    /// <summary>Where the local network's gateway keeps its blobs.</summary>
    public static string BlobFolderOf(ParseResult parsed) => Path.Combine(HomeOf(parsed), "nodes", "gateway", "blobs");

    public static Uri? UrlOf(ParseResult parsed)
    {
        var text = parsed.GetValue(Url) ?? Environment.GetEnvironmentVariable("STARLING_URL");
        if (text is null)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CliException(ExitCode.BadInput, $"--url: '{text}' is no address: give one such as http://127.0.0.1:4680");
    }

    public static Printer PrinterOf(ParseResult parsed) => new(parsed.GetValue(Format)!);

    /// <summary>Gives a command its action.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, cancel) => Guard(() => action(parsed, cancel), cancel));

    private static Option<string> CreateFormat()
    {
        var format = new Option<string>("--output-format", "-o")
        {
            Description = "How results are written: table, json or yaml.",
            DefaultValueFactory = static _ => Printer.Table,
            Recursive = true,
        };
        format.AcceptOnlyFromAmong(Printer.Table, Printer.Json, Printer.Yaml);
        return format;
    }

    private static async Task<int> Guard(Func<Task<int>> action, CancellationToken cancel)
    {
        var (code, message) = (ExitCode.Failed, "");
        try
        {
            return await action();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            message = "stopped";
        }
        catch (CliException e)
        {
            (code, message) = (e.ExitCode, e.Message);
        }
        catch (UnreachableException e)
        {
            (code, message) = (ExitCode.Unreachable, e.Message);
        }
        catch (ApiException e)
        {
            (code, message) = (e.Status == 400 ? ExitCode.BadInput : ExitCode.Failed, e.Message);
        }
        catch (JoinException e)
        {
            (code, message) = (e.IsUnreachable ? ExitCode.Unreachable : ExitCode.BadInput, e.Message);
        }
        catch (Exception e) when (e is StorageException or NodeStoppedException or IOException or UnauthorizedAccessException)
        {
            message = e.Message;
        }
        catch (Exception e)
        {
            message = $"an internal error, please report it: {e}";
        }

        await Console.Error.WriteLineAsync($"starling: {message}");
        return code;
    }
}
