using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol.Encoding;

namespace Starling.Cli.Running;

/// <summary>A job file that was read, checked, bound to its data and planned.</summary>
internal sealed record PreparedJob(JobParse Parse, JobSpec Spec, byte[] Dataset, IPlan Plan, PlanQuote Quote)
{
    private const long MaxFile = 1 << 20;
    private const long MaxDataset = 1L << 30;

    public byte[] SpecBytes { get; } = RecordCodec.Encode(Spec);

    /// <exception cref="CliException">Everything that is wrong with the job, at once.</exception>
    public static PreparedJob Load(string path)
    {
        var parse = JobFile.Parse(ReadText(path), path);
        Refuse(parse, parse.Errors);
        var train = (TrainJob)parse.Job!.Work;
        var dataset = ReadDataset(parse, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, train.Dataset));
        var pinned = parse.Pin(dataset);
        Refuse(parse, pinned.Errors);
        var plan = Starling.Programs.Plans.Plan.Create(pinned.Spec!);
        return new PreparedJob(parse, pinned.Spec!, dataset, plan, plan.Quote());
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

    private static byte[] ReadDataset(JobParse parse, string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxDataset })
                throw Fail(parse, $"{path} is larger than 1 GiB", "use a smaller file");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fail(parse, $"there is no file {path}", "give a path relative to the job file");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Fail(parse, $"{path} cannot be read: {e.Message}", "make it readable, or use another file");
        }
    }

    private static CliException Fail(JobParse parse, string message, string fix) => new(
        ExitCode.BadInput, parse.ErrorAt("train.dataset", message, fix).Describe(parse.FileName));

    private static void Refuse(JobParse parse, IReadOnlyList<JobError> errors)
    {
        if (errors.Count > 0)
            throw new CliException(ExitCode.BadInput, string.Join("\n", errors.Select(e => e.Describe(parse.FileName))));
    }
}
