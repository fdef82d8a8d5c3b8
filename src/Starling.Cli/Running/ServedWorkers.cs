using System.Diagnostics;
using System.Globalization;
using Starling.Cli.Commands;
using Starling.Host.OpenAi;
using Starling.Host.Serving;

namespace Starling.Cli.Running;

/// <summary>Workers of <c>starling serve --replicas</c>: a network of this machine, and a process for each.</summary>
internal sealed class ServedWorkers : IAsyncDisposable
{
    private readonly ServingNetwork _network;
    private readonly WorkerProcesses _processes;
    private readonly WorkerTerms _terms;
    private readonly int _queue;

    private ServedWorkers(ServingNetwork network, WorkerProcesses processes, WorkerTerms terms, int queue) =>
        (_network, _processes, _terms, _queue) = (network, processes, terms, queue);

    /// <summary>The folder of the network within a home folder.</summary>
    public static string FolderOf(string home) => Path.Combine(home, "serving");

    /// <summary>Starts the network and the processes; they need not have come up when this ends.</summary>
    /// <param name="home">Holds the network's folder.</param>
    /// <param name="terms">How many workers, and how often they are paid.</param>
    /// <param name="slots">Answers that each makes at the same time.</param>
    /// <param name="queue">Answers that may wait while all are full.</param>
    public static async Task<ServedWorkers> Start(string home, WorkerTerms terms, int slots, int queue, CancellationToken cancel)
    {
        var network = await ServingNetwork.Start(FolderOf(home), TimeProvider.System, NodeLog.WriteProblems, cancel);
        var share = Math.Max(1, Environment.ProcessorCount / terms.Replicas);
        return new ServedWorkers(
            network, new WorkerProcesses(terms.Replicas, number => Worker(network, number, slots, share), Say), terms, queue);
    }

    /// <summary>Answers by the workers, as soon as one of them has loaded the model.</summary>
    public async Task<IAnswerSource> Answers(ServedModel model, string folder, CancellationToken cancel)
    {
        var order = EndpointOrders.Of(model, folder, _network.Blobs, _terms);
        var answers = new WorkerAnswers(
            _network.Gateway, model, order, new WorkerPatience { Queue = _queue }, TimeProvider.System);
        try
        {
            await answers.Ready(1, cancel);
            return answers;
        }
        catch
        {
            await answers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _processes.DisposeAsync();
        await _network.DisposeAsync();
    }

    /// <summary>The same program again, as a provider that ends with this process.</summary>
    private static ProcessStartInfo Worker(ServingNetwork network, int number, int slots, int threads)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetTempPath() };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.GetFullPath(Environment.GetCommandLineArgs()[0]));
        string[] arguments =
        [
            "provide", network.Invite.ToString(), "--home", network.WorkerHome(number), "--seeds", string.Join(',', network.Seeds),
            "--threads", "1", "--answers", slots.ToString(CultureInfo.InvariantCulture), "--attached",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_PROCESSOR_COUNT"] = threads.ToString("x", CultureInfo.InvariantCulture);
        return start;
    }

    // What nodes tell of peers that come and go is for their own logs.
    private static void Say(string line)
    {
        if (line.Contains("starling:", StringComparison.Ordinal) || line.Contains("model.refused", StringComparison.Ordinal)
            || line.Contains("node.stopped", StringComparison.Ordinal) || line.Contains("started again", StringComparison.Ordinal))
            Console.Error.WriteLine($"starling: {line}");
    }
}
