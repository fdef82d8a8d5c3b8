using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Client.Contract;
using Starling.Host.Local;

namespace Starling.Cli.Commands;

/// <summary><c>starling up</c>: runs a local network until stopped.</summary>
internal static class UpCommand
{
    private static readonly Option<int> s_providers = LocalChoices.Providers();

    private static readonly Option<string[]> s_misbehave = LocalChoices.Misbehave();

    private static readonly Option<int> s_port = new("--port")
    {
        Description = "Port of the API; 0 for any free one.",
        DefaultValueFactory = static _ => ApiFile.DefaultPort,
    };

    public static Command Create()
    {
        var command = new Command("up", "Run a network on this machine: sequencer, gateway, providers, auditors.")
        {
            s_providers, s_misbehave, s_port,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var home = Shared.HomeOf(parsed);
        var options = LocalChoices.Read(parsed, s_providers, s_misbehave);
        await using var session = await Session.Start(home, options, parsed.GetValue(s_port), NodeLog.Write, cancel);
        var network = session.Own!;
        var result = new UpResult(
            session.Client.Address.ToString(), home, network.Genesis.ChainId().ToString(), options.Providers, LocalOptions.Auditors);
        Shared.PrinterOf(parsed).Print(result, static j => j.UpResult, () => Printer.Pairs(
            ("network", result.Url), ("home", home), ("chain", result.Chain),
            ("nodes", $"sequencer, gateway, {options.Providers} providers, {LocalOptions.Auditors} auditors"),
            ("stop", "Ctrl+C; the same command goes on where it stopped")));
        await TellUnfinished(session, home, cancel);
        try
        {
            await network.Failure.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }

        return ExitCode.Ok;
    }

    private static async Task TellUnfinished(Session session, string home, CancellationToken cancel)
    {
        var jobs = (await session.Client.Jobs(cancel)).Jobs.ToDictionary(j => j.Id);
        foreach (var note in JobNote.All(home))
            if (jobs.TryGetValue(note.Job, out var job) && !JobPhases.IsEnd(job.Phase))
                await Console.Error.WriteLineAsync(
                    $"going on with job {Words.Short(note.Job)} ({note.Name}): 'starling jobs watch {Words.Short(note.Job)}', "
                    + $"then 'starling jobs get {Words.Short(note.Job)}'");
    }
}
