using Starling.Cli.Output;
using Starling.Client.Contract;

namespace Starling.Cli.Running;

/// <summary>
/// A job's progress on standard error: one line that is rewritten on a terminal; elsewhere a plain line when the stage
/// changes, and every few seconds. Events worth a line get one.
/// </summary>
internal sealed class ProgressLine(TextWriter to, bool terminal, TimeProvider time, IReadOnlyDictionary<string, string> names)
{
    private static readonly TimeSpan s_plainEvery = TimeSpan.FromSeconds(5);

    /// <summary>What happens all the time, as long as all goes well.</summary>
    private static readonly string[] s_usual = ["TaskIssued", "ResultRevealed", "TaskFinal", "JobOpened"];

    private string _stage = "";
    private long? _last;
    private readonly HashSet<string> _atHeight = [];
    private ulong _height;

    public void Show(JobInfo job)
    {
        foreach (var e in job.Events)
            if (IsNew(e) && !IsUsual(e))
                Write($"  {e.Text}", end: true);
        var line = Describe(job);
        if (terminal)
        {
            Write(line, end: JobPhases.IsEnd(job.Job.Phase));
            return;
        }

        var stage = $"{job.Job.Phase} {job.Job.Stage}";
        if (stage == _stage && _last is { } last && time.GetElapsedTime(last) < s_plainEvery)
            return;
        (_stage, _last) = (stage, time.GetTimestamp());
        to.WriteLine(line);
    }

    private static bool IsUsual(EventInfo e) =>
        s_usual.Contains(e.Kind)
        || (e.Kind == "VerdictRevealed" && e.Text.EndsWith("the same", StringComparison.Ordinal))
        || (e.Kind == "LeaseDropped" && e.Text.EndsWith("JobEnded", StringComparison.Ordinal));

    // The service keeps only the last events: what was seen is told by height, not by position.
    private bool IsNew(EventInfo e)
    {
        if (e.Height > _height)
        {
            _height = e.Height;
            _atHeight.Clear();
        }

        return e.Height == _height && _atHeight.Add(e.Text);
    }

    private string Describe(JobInfo job)
    {
        var p = job.Progress;
        var a = job.Audits;
        var parts = new List<string>
        {
            $"{job.Job.Phase}: {job.Job.Stage}",
            $"step {p.StepsDone}/{p.StepsTotal}",
            $"{Words.Rate(p.TokensPerSecond)} tokens/s",
            $"loss {Words.Loss(p.Loss)}",
            $"held-out {Words.Loss(p.HeldOutLoss)}",
            $"audits {a.Confirmed} ok, {a.Pending} open{(a.Convicted > 0 ? $", {a.Convicted} convicted" : "")}",
            $"{Words.Money(job.Money.SpentMicro)} of {Words.Money(job.Money.LimitMicro)}",
        };
        if (job.Job.Reason is { } reason)
            parts.Add(reason);
        return string.Join(" | ", parts);
    }

    private void Write(string line, bool end)
    {
        foreach (var (id, name) in names)
            line = line.Replace(id, name, StringComparison.Ordinal).Replace(id[..8], name, StringComparison.Ordinal);
        if (!terminal)
            to.WriteLine(line);
        else
            to.Write($"\r\u001b[K{Fit(line)}{(end ? "\n" : "")}");
    }

    private static string Fit(string line) =>
        line.Length < Console.WindowWidth ? line : line[..Math.Max(0, Console.WindowWidth - 1)];
}
