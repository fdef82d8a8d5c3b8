using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Starling.EndToEnd;

/// <summary>How a command ended and what it wrote.</summary>
public sealed record CommandResult(int Code, string Out, string Error)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Out);
            return document.RootElement.Clone();
        }
    }

    public override string ToString() => $"exit code {Code}\n{Out}\n{Error}";
}

/// <summary>The command as a process of its own, as people start it.</summary>
internal sealed class Command : IDisposable
{
    // The command's own build beside that of the tests, of the same configuration.
    private static readonly string s_program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Starling.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "starling.dll"));

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<string> _out = new();
    private readonly ConcurrentQueue<string> _error = new();

    private Command(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>What it wrote on standard error so far.</summary>
    public string Said => string.Join('\n', _error);

    public static Command Start(params IEnumerable<string> arguments) => Start(null, [], arguments);

    /// <summary>Starts the command as the last words of another one, which becomes it.</summary>
    public static Command StartIn(IEnumerable<string> before, IEnumerable<string> arguments) => Start(null, before, arguments);

    private static Command Start(string? user, IEnumerable<string> before, IEnumerable<string> arguments)
    {
        string[] words = [.. before, "dotnet", s_program, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        if (user is not null)
        {
            start.Environment["HOME"] = user;
            start.Environment.Remove("STARLING_HOME");
        }

        var command = new Command(new Process { StartInfo = start });
        command.Process.OutputDataReceived += (_, e) => Keep(command._out, e.Data);
        command.Process.ErrorDataReceived += (_, e) => Keep(command._error, e.Data);
        command.Process.Start();
        command.Process.BeginOutputReadLine();
        command.Process.BeginErrorReadLine();
        return command;
    }

    /// <summary>Runs the command to its end.</summary>
    public static async Task<CommandResult> Run(params IEnumerable<string> arguments)
    {
        using var command = Start(arguments);
        return await command.End();
    }

    /// <summary>The same as a user whose home is that folder.</summary>
    public static async Task<CommandResult> RunAs(string user, params IEnumerable<string> arguments)
    {
        using var command = Start(user, [], arguments);
        return await command.End();
    }

    public async Task<CommandResult> End()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await Process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Process.Kill(entireProcessTree: true);
            throw new TimeoutException($"no end after {s_patience}\n{Result(-1)}");
        }

        return Result(Process.ExitCode);
    }

    /// <summary>Waits for the first result on standard output.</summary>
    public async Task<JsonElement> FirstJson(CancellationToken cancel)
    {
        while (!_out.Contains("}"))
        {
            if (Process.HasExited)
                throw new InvalidOperationException(Result(Process.ExitCode).ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, cancel);
        }

        return Result(0).Json;
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public async Task Kill()
    {
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        Process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    private CommandResult Result(int code) => new(code, string.Join('\n', _out), string.Join('\n', _error));
}
