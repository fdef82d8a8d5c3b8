using Starling.Host.OpenAi;
using Starling.Host.OpenAi.Keys;
using Starling.Host.Ports;
using Xunit;

namespace Starling.Tests.Host.OpenAi;

/// <summary>Not a micro-credit is lost or invented, whenever the process ends.</summary>
public sealed class KeyAccountsTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenPrices s_prices = new(1_500_000, 7_300_001);

    [Fact]
    public void WhatIsLeftAfterAKillAddsUp()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        using var store = new KeyStore(Path.Combine(folder["live"], "keys.db"), new SystemEntropy());
        using var accounts = new KeyAccounts(store, folder["live/runs"]);
        var key = store.Create(new KeyTerms { Name = "k", Budget = 100_000, Period = BudgetPeriod.Week }, s_now)!.Value.Key;
        Dictionary<string, (long Prompt, long Completion, long Worst)> open = [];
        long charged = 0, refused = 0;
        for (var i = 0; i < 300; i++)
        {
            if (open.Count == 0 || random.Next(2) == 0)
            {
                var (prompt, most) = (random.Next(1, 200), random.Next(1, 900));
                var worst = s_prices.Cost(prompt, most);
                var reserved = open.Values.Sum(request => request.Worst);
                var result = accounts.Reserve(key, $"r{i}", "m", s_prices, prompt, most, s_now);
                Assert.Equal(charged + reserved + worst <= 100_000, result.IsReserved);
                Assert.Equal(new DateTimeOffset(2026, 3, 16, 0, 0, 0, TimeSpan.Zero), result.Resets);
                refused += result.IsReserved ? 0 : 1;
                if (result.IsReserved)
                    open.Add($"r{i}", (0, 0, worst));
                continue;
            }

            var (id, state) = open.ElementAt(random.Next(open.Count));
            if (random.Next(2) == 0)
            {
                open[id] = (1, state.Completion + 1, state.Worst);
                accounts.Note(id, 1, state.Completion + 1);
            }
            else
            {
                accounts.Settle(id, 1, state.Completion);
                accounts.Settle(id, 1, state.Completion + 100);
                charged += s_prices.Cost(1, state.Completion);
                open.Remove(id);
            }

            if (random.Next(10) == 0)
                CheckKilled(folder, open.Values, charged);
        }

        Assert.True(refused > 0, "the budget was never in the way");
        Assert.True(accounts.Reserve(key, "next week", "m", s_prices, 1, 9000, s_now.AddDays(6)).IsReserved);
    }

    [Theory]
    [InlineData(BudgetPeriod.Never, "0001-01-01", null)]
    [InlineData(BudgetPeriod.Day, "2026-03-11", "2026-03-12")]
    [InlineData(BudgetPeriod.Week, "2026-03-09", "2026-03-16")]
    [InlineData(BudgetPeriod.Month, "2026-03-01", "2026-04-01")]
    public void PeriodsFollowTheCalendar(BudgetPeriod period, string first, string? end)
    {
        var (day, next) = ApiKey.PeriodOf(period, s_now);
        Assert.Equal(DateOnly.Parse(first), DateOnly.FromDayNumber((int)day));
        Assert.Equal(end, next?.ToString("yyyy-MM-dd"));
    }

    [Fact]
    public void AnInvoiceIsATableWithoutFormulas()
    {
        var text = Invoice.Csv([new UsageRow(new DateOnly(2026, 3, 1), "key_1", "=1+\"x\"", "m", 2, 30, 40, 1_234_567)]);
        Assert.Equal(
            "day,key,name,model,requests,prompt_tokens,completion_tokens,cost_usd\n2026-03-01,\"key_1\",\"'=1+\"\"x\"\"\",\"m\",2,30,40,1.234567\n", text);
    }

    [Fact]
    public void CostsAreRoundedUpOnce()
    {
        Assert.Equal(0, s_prices.Cost(0, 0));
        Assert.Equal(9, s_prices.Cost(1, 1));
        Assert.Equal(1, new TokenPrices(1, 0).Cost(1, 0));
        Assert.Equal(long.MaxValue / 4, new TokenPrices(1_000_000, 0).Cost(long.MaxValue / 4, 0));
    }

    /// <summary>The files as a killed process leaves them, opened by the next one.</summary>
    private static void CheckKilled(TemporaryFolder folder, IEnumerable<(long Prompt, long Completion, long Worst)> open, long charged)
    {
        var copy = Directory.CreateDirectory(folder["killed"]).FullName;
        foreach (var file in Directory.GetFiles(folder["live"]))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        using (var store = new KeyStore(Path.Combine(copy, "keys.db"), new SystemEntropy()))
        using (new KeyAccounts(store, Path.Combine(copy, "runs")))
        {
            var wanted = charged + open.Sum(request => s_prices.Cost(request.Prompt, request.Completion));
            Assert.Equal(wanted, store.Usage(DateOnly.MinValue, DateOnly.MaxValue, null).Sum(row => row.Cost));
            Assert.Equal(wanted, Sum(store, "SELECT coalesce(sum(spent), 0) FROM spent"));
            Assert.Equal(0, Sum(store, "SELECT coalesce(sum(reserved), 0) FROM spent"));
            Assert.Equal(0, Sum(store, "SELECT count(*) FROM open"));
        }

        Directory.Delete(copy, recursive: true);
    }

    private static long Sum(KeyStore store, string sql) => store.Database.Read(sql, row => row.GetInt64(0)).Single();
}
