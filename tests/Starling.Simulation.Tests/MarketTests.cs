using System.Diagnostics;
using System.Globalization;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Simulation.Engine;
using Starling.Simulation.Market;
using Xunit;

namespace Starling.Simulation;

/// <summary>
/// Rates and balances over very many tasks: the true ledger and the true draws over a cheap program. Shares are held
/// against exact 99.9 % intervals (Clopper and Pearson) and seeds are fixed, so a failure is a change of behaviour.
/// </summary>
public sealed class MarketTests(ITestOutputHelper output)
{
    /// <summary>Honest tasks that must all survive; a nightly run sets more.</summary>
    private const string HonestTasks = "STARLING_HONEST_TASKS";

    private const int Honest = 1_000;

    private static readonly Dictionary<string, (ProviderStyle Liar, AuditorStyle[] Auditors, double Rate)> s_liars = new()
    {
        ["at every task"] = (ProviderStyle.Always, [AuditorStyle.Honest], 0.1),
        ["whenever an audit is not certain"] = (ProviderStyle.WhenUnwatched, [AuditorStyle.Honest], 0.05),
        ["in the last step alone"] = (
            ProviderStyle.WhenUnwatched with { FirstWrong = CheapProgram.States - 1 }, [AuditorStyle.Honest], 0.1),
        ["about cheap tasks alone"] = (
            new("cheap", static s => s.Unwatched && s.Attempt.Pay.Micro < MarketRun.Price), [AuditorStyle.Honest], 0.1),
        ["after a clean record"] = (
            new("trusted", static s => s.Unwatched && s.Stake.AuditedFees.Micro > 50 * MarketRun.Price),
            [AuditorStyle.Honest], 0.1),
        ["with two auditors"] = (ProviderStyle.WhenUnwatched, [AuditorStyle.Honest, AuditorStyle.Honest], 0.05),
        ["with an auditor on its side"] = (
            ProviderStyle.WhenUnwatched, [AuditorStyle.Honest, AuditorStyle.Honest, AuditorStyle.Colludes], 0.1),
        ["with an auditor that never looks"] = (
            ProviderStyle.WhenUnwatched, [AuditorStyle.Honest, AuditorStyle.AlwaysAgrees], 0.1),
        ["and makes its moves in the last moment"] = (
            ProviderStyle.WhenUnwatched with { Stalls = true }, [AuditorStyle.Honest], 0.1),
    };

    public static TheoryData<string> Liars => [.. s_liars.Keys];

    public static TheoryData<string> Nuisances => ["silent", "hides", "copies", "reports itself"];

    [Theory]
    [MemberData(nameof(Liars))]
    public void ALiarIsCaughtAtTheRateOfTheFormulaAndLoses(string when)
    {
        var (liar, auditors, rate) = s_liars[when];
        var settings = new MarketSettings(1, MarketRules.AtRate(rate), [liar], auditors)
        {
            Rounds = 16,
            TasksPerRound = 100,
            Work = [1_000_000_000, 100_000_000],
        };
        var told = Run(settings);
        Assert.True(told.LiesOf[0] >= 50, $"only {told.LiesOf[0]} lies");
        foreach (var (predicted, (lies, caught)) in told.Lies)
        {
            var interval = Interval.Of(caught, lies);
            output.WriteLine(Text($"predicted {predicted:F4}: {lies} lies, {caught} caught, {interval}"));
            Assert.True(interval.Contains(predicted), Text($"predicted {predicted}, {caught} of {lies} caught: {interval}"));
        }

        output.WriteLine(Text($"{told.GainOf[0] / told.LiesOf[0]:F2} prices a lie"));
        Assert.True(told.GainOf[0] < 0);
    }

    /// <summary>What lies are held against: a task costs its price to compute, so honest work gains nothing more.</summary>
    [Fact]
    public void HonestWorkGainsItsPrice()
    {
        var report = Run(new MarketSettings(
            1, MarketRules.AtRate(0.1), [ProviderStyle.Honest, ProviderStyle.Honest with { Stalls = true }], [AuditorStyle.Honest]));
        Assert.All(report.GainOf, g => Assert.Equal(0, g, 6));
    }

    [Theory]
    [MemberData(nameof(Nuisances))]
    public void AnotherDishonestProviderLosesToo(string how)
    {
        var accomplice = MarketLedger.Key("accomplice");
        var style = how switch
        {
            "silent" => ProviderStyle.Honest with { Silent = true },
            "hides" => ProviderStyle.Honest with { Hides = true },
            "copies" => ProviderStyle.Honest with { Copies = true },
            _ => ProviderStyle.Always with { Accomplice = accomplice },
        };
        var settings = new MarketSettings(
            2, MarketRules.AtRate(0.1), [ProviderStyle.Honest, style], [AuditorStyle.Honest])
        { Rounds = 3, TasksPerRound = 30 };
        var told = Run(settings);
        output.WriteLine(Text($"gain {told.GainOf[1]:F2} prices"));
        Assert.True(told.GainOf[1] < -0.009);
        Assert.Equal(0, told.GainOf[0], 6);
    }

    /// <summary>Slashing pauses where faults cluster by build, and a build is only what an offer says.</summary>
    [Fact]
    public void LiarsOfOneBuildGainNothingByThePause()
    {
        var liar = ProviderStyle.WhenUnwatched with { Build = "ours" };
        var report = Run(new MarketSettings(
            3, MarketRules.AtRate(0.1), [liar, liar, liar, liar, liar, liar], [AuditorStyle.Honest])
        { Rounds = 3, TasksPerRound = 50 });
        Assert.True(report.LiesOf.Sum() >= 200, $"only {report.LiesOf.Sum()} lies");
        Assert.True(report.GainOf.Sum() < 0, Text($"{report.LiesOf.Sum()} lies gained {report.GainOf.Sum()} prices"));
    }

    [Fact]
    public void NoCorrectResultIsEverConvicted()
    {
        var tasks = int.Parse(Environment.GetEnvironmentVariable(HonestTasks) ?? $"{Honest}", CultureInfo.InvariantCulture);
        var (done, seed) = (0, 0ul);
        while (done < tasks)
        {
            var report = Run(Crowd(seed++) with { Rounds = Math.Clamp((tasks - done) / 200, 1, 25) });
            Assert.Empty(report.TrueConvicted);
            Assert.True(report.Acquittals > 0, "nothing was ever challenged");
            done += report.Tasks - report.WrongShown;
        }
    }

    /// <summary>Machines that fail silently, a liar, a staller, auditors of every kind and a spammer.</summary>
    private static MarketSettings Crowd(ulong seed) => new(
        seed, MarketRules.Fast with { AuditSlopePpm = 10_000_000 },
        [
            ProviderStyle.Honest, ProviderStyle.Honest, ProviderStyle.Honest, ProviderStyle.Honest with { Stalls = true },
            ProviderStyle.WhenUnwatched,
        ],
        [
            AuditorStyle.Honest, AuditorStyle.Honest, AuditorStyle.Colludes, AuditorStyle.AlwaysAgrees,
            AuditorStyle.AlwaysDisputes, AuditorStyle.Silent,
        ])
    {
        DeviceFaults = 0.01,
        Spam = 0.02,
    };

    private MarketReport Run(MarketSettings settings)
    {
        var watch = Stopwatch.StartNew();
        var run = new MarketRun(settings);
        var report = run.Run();
        output.WriteLine(Text(
            $"{report.Tasks} tasks, {report.Final} final, {report.Disputes} disputes, {report.Acquittals} acquitted, {report.WrongShown} wrong, {report.WrongConvicted} convicted, {report.WrongFinal} final, {run.Ledger.State.Height} batches, {report.Tasks / watch.Elapsed.TotalSeconds:F0} tasks/s; providers {string.Join(' ', report.GainOf.Select(g => Text($"{g:F1}")))}, auditors {string.Join(' ', report.GainOfAuditor.Select(g => Text($"{g:F1}")))}, spammer {report.GainOfSpammer:F1}"));
        return report;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
