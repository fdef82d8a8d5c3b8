using Starling.Cli.Places;
using Starling.Client;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol.Encoding;

namespace Starling.Cli.Running;

/// <summary>A job file that was read, checked, bound to its data and planned.</summary>
internal sealed record PreparedJob(
    JobParse Parse, JobSpec Spec, byte[] Dataset, byte[]? Init, IPlan Plan, PlanQuote Quote)
{
    private const long MaxFile = 1 << 20;
    private const long MaxInput = 1L << 30;

    public byte[] SpecBytes { get; } = RecordCodec.Encode(Spec);

    /// <param name="path">The job file.</param>
    /// <param name="network">The running network, for inputs by content id; null when none runs.</param>
    /// <exception cref="CliException">Everything that is wrong with the job, at once.</exception>
    public static async Task<PreparedJob> Load(string path, StarlingClient? network, CancellationToken cancel)
    {
        var parse = JobFile.Parse(ReadText(path), path);
        Refuse(parse, parse.Errors);
        var train = (TrainJob)parse.Job!.Work;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var dataset = await Read("train.dataset", () => InputPlace.Parse(train.Dataset, folder, network));
        var init = train.InitFrom is { } from
            ? await Read("train.init_from", () => InputPlace.Parse(from, folder, network).Weights()) : null;
        var pinned = parse.Pin(dataset, init);
        Refuse(parse, pinned.Errors);
        var plan = Starling.Programs.Plans.Plan.Create(pinned.Spec!);
        return new PreparedJob(parse, pinned.Spec!, dataset, init, plan, plan.Quote());

        async Task<byte[]> Read(string key, Func<InputPlace> place)
        {
            try
            {
                return await place().Read(MaxInput, cancel);
            }
            catch (PlaceException e)
            {
                throw new CliException(ExitCode.BadInput, parse.ErrorAt(key, e.Problem, e.Fix).Describe(path), e);
            }
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxFile })
                throw new CliException(ExitCode.BadInput, $"{path}: is larger than a job file may be (1 MiB)");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.BadInput, $"{path}: no such file; 'starling init' writes one to start from");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.BadInput, $"{path}: cannot be read; it may be a folder, or another user's");
        }
    }

    private static void Refuse(JobParse parse, IReadOnlyList<JobError> errors)
    {
        if (errors.Count > 0)
            throw new CliException(ExitCode.BadInput, string.Join("\n", errors.Select(e => e.Describe(parse.FileName))));
    }
}
