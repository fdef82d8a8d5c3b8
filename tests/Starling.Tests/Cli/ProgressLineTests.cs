using Starling.Cli.Running;
using Starling.Client.Contract;
using Xunit;

namespace Starling.Tests.Cli;

public sealed class ProgressLineTests
{
    private static readonly string s_provider = new('a', 64);

    private readonly StringWriter _out = new();

    [Fact]
    public void WithoutATerminalALineComesWhenTheStageChanges()
    {
        var line = Line();
        line.Show(View("round 1 of 2"));
        line.Show(View("round 1 of 2"));
        line.Show(View("round 2 of 2"));
        Assert.Equal(2, Lines().Length);
        Assert.Contains("running: round 2 of 2 | step 3/10 | 1,234 tokens/s | loss 2.5000 | held-out -", Lines()[1], StringComparison.Ordinal);
        Assert.Contains("0.000001 USD of 1.000000 USD", Lines()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void AnEventOutOfTheOrdinaryIsToldOnceAndByName()
    {
        var line = Line();
        var issued = new EventInfo(default, 1, "TaskIssued", "merge/0 given to aaaaaaaa");
        var lost = new EventInfo(default, 2, "AttemptLost", "merge/0 lost by aaaaaaaa: TimedOut");
        line.Show(View("s", issued, lost));
        line.Show(View("s", lost));
        Assert.Equal(["  merge/0 lost by provider-7: TimedOut"], Lines().Where(l => l.StartsWith("  ", StringComparison.Ordinal)));
    }

    private static JobInfo View(string stage, params EventInfo[] events) => new(
        new JobLine("j", "s", "o", JobPhases.Running, stage, default, null, null),
        new ProgressInfo(3, 10, 1, 4, 2.5, null, 1234.4), new MoneyInfo(1, 1_000_000, 1, 2), new AuditInfo(0, 0, 0, 0, 0), [],
        events, null);

    private ProgressLine Line() =>
        new(_out, terminal: false, TimeProvider.System, new Dictionary<string, string> { [s_provider] = "provider-7" });

    private string[] Lines() => _out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
