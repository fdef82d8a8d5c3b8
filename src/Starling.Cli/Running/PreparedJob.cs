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
    private const string Weights = "model.safetensors";

    public byte[] SpecBytes { get; } = RecordCodec.Encode(Spec);

    /// <exception cref="CliException">Everything that is wrong with the job, at once.</exception>
    public static PreparedJob Load(string path)
    {
        var parse = JobFile.Parse(ReadText(path), path);
        Refuse(parse, parse.Errors);
        var train = (TrainJob)parse.Job!.Work;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var dataset = ReadInput(parse, "train.dataset", Path.Combine(folder, train.Dataset));
        var init = train.InitFrom is { } from ? ReadInput(parse, "train.init_from", WeightsAt(Path.Combine(folder, from))) : null;
        var pinned = parse.Pin(dataset, init);
        Refuse(parse, pinned.Errors);
        var plan = Starling.Programs.Plans.Plan.Create(pinned.Spec!);
        return new PreparedJob(parse, pinned.Spec!, dataset, init, plan, plan.Quote());
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

    private static string WeightsAt(string path) => Directory.Exists(path) ? Path.Combine(path, Weights) : path;

    private static byte[] ReadInput(JobParse parse, string key, string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxInput })
                throw Fail(parse, key, $"{path} is larger than 1 GiB", "use a smaller file");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fail(parse, key, $"there is no file {path}", "give a path relative to the job file");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Fail(parse, key, $"{path} cannot be read: {e.Message}", "make it readable, or use another file");
        }
    }

    private static CliException Fail(JobParse parse, string key, string message, string fix) => new(
        ExitCode.BadInput, parse.ErrorAt(key, message, fix).Describe(parse.FileName));

    private static void Refuse(JobParse parse, IReadOnlyList<JobError> errors)
    {
        if (errors.Count > 0)
            throw new CliException(ExitCode.BadInput, string.Join("\n", errors.Select(e => e.Describe(parse.FileName))));
    }
}
