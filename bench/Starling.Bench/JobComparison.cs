using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Starling.Compute.Kernels;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Bench;

/// <summary>The Shakespeare job on a local network: its rate, and what commitments and audits take of it. No peer.</summary>
internal sealed class JobComparison : IComparison
{
    public string Name => "job";

    public IEnumerable<Row> Run(Settings settings)
    {
        var example = Path.Combine(PeerProcess.Root(), "examples", "shakespeare.yaml");
        yield return Commitments(example, settings);
        var work = Directory.CreateTempSubdirectory("starling-bench-");
        var text = File.ReadAllText(example)
            .Replace("data/", Path.GetDirectoryName(example) + "/data/", StringComparison.Ordinal)
            .Replace("max_steps: 640", settings.Quick ? "max_steps: 160" : "max_steps: 640", StringComparison.Ordinal);
        var job = Path.Combine(work.FullName, "job.yaml");
        File.WriteAllText(job, text);
        var seconds = RunJob(job, work.FullName);
        var (rate, audited) = Read(Path.Combine(work.FullName, "out", "receipt.json"), settings.Quick ? 160 : 640, seconds);
        work.Delete(recursive: true);
        yield return new Row("whole job with audits, 2 cores", "training tokens/s", rate);
        yield return new Row("work recomputed by auditors, of all work done", "%", 100 * audited);
    }

    /// <summary>One 40-step task with its committed states and hashed outputs, against the state roots it commits to.</summary>
    private static Row Commitments(string example, Settings settings)
    {
        var dataset = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(example)!, "data", "tinyshakespeare.txt"));
        var spec = JobFile.Parse(File.ReadAllText(example), example).Pin(dataset).Spec!;
        var blobs = new Dictionary<Hash256, byte[]> { [ContentId.Of(dataset).Hash] = dataset };
        var results = new Dictionary<string, TaskResult>();
        var plan = Plan.Create(spec);
        var backend = VectorBackend.Best();
        while (true)
        {
            var next = plan.Next(default(JobId), results).Tasks[0];
            var inputs = Array.ConvertAll(next.Spec.Inputs, i => (ReadOnlyMemory<byte>)blobs[i]);
            if (next.Node.StartsWith("inner/", StringComparison.Ordinal))
                return Share(next.Spec, inputs, backend, settings);
            var run = TaskPrograms.Execute(next.Spec, inputs, new TaskContext(backend, null, default));
            foreach (var output in run.Outputs)
                blobs[ContentId.Of(output).Hash] = output;
            results[next.Node] = new TaskResult(next.Id, ((TaskOutcome.Completed)run.Outcome).Claim);
        }
    }

    private static Row Share(TaskSpec spec, ReadOnlyMemory<byte>[] inputs, VectorBackend backend, Settings settings)
    {
        var shares = new List<double>();
        for (var i = 0; i < (settings.Quick ? 2 : 7); i++)
        {
            var watch = Stopwatch.StartNew();
            var run = TaskPrograms.Execute(spec, inputs, new TaskContext(backend, null, default));
            var whole = watch.Elapsed.TotalSeconds;
            var bytes = run.Outputs.Sum(o => (long)o.Length);
            watch.Restart();
            foreach (var output in run.Outputs)
                Blake3.Hash(output);
            // Outputs are one full state: hashed once as blobs, and once for each state root of the trace.
            var claim = ((TaskOutcome.Completed)run.Outcome).Claim;
            shares.Add(watch.Elapsed.TotalSeconds * (1 + claim.TraceLength) / whole);
        }

        return new Row("commitments, of a 40-step task", "% of its time", 100 * Statistics.Median(shares), Target: "<= 2");
    }

    private static double RunJob(string job, string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(PeerProcess.Root(), "starling"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["run", job, "--home", $"{folder}/home", "--output", $"{folder}/out", "-o", "json"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        using var result = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        return result.RootElement.GetProperty("seconds").GetDouble();
    }

    /// <summary>Prices are work at one rate, so they weigh the tasks.</summary>
    private static (double Rate, double Audited) Read(string receipt, int steps, double seconds)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(receipt));
        double once = 0, again = 0;
        foreach (var task in json.RootElement.GetProperty("tasks").EnumerateArray())
        {
            var price = double.Parse(task.GetProperty("price").GetString()!.Split(' ')[0], CultureInfo.InvariantCulture);
            once += price;
            again += price * task.GetProperty("auditors").GetArrayLength();
        }

        return (2 * steps * 8 * 64 / seconds, again / (once + again));
    }
}
