namespace Starling.Host.OpenAi.Keys;

/// <summary>When what a key has spent counts as nothing again; all by the calendar of UTC.</summary>
public enum BudgetPeriod
{
    Never = 0,
    Day = 1,

    /// <summary>From Monday on.</summary>
    Week = 2,
    Month = 3,
}

/// <summary>What a key may do.</summary>
public sealed record KeyTerms
{
    public required string Name { get; init; }

    /// <summary>Micro-credits per period; null for no limit.</summary>
    public long? Budget { get; init; }

    public BudgetPeriod Period { get; init; }

    /// <summary>Requests per minute; null for no limit.</summary>
    public int? Rate { get; init; }

    /// <summary>Names of models; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    public DateTimeOffset? Expires { get; init; }
}

/// <summary>A key as it is stored; the secret itself is not.</summary>
/// <param name="Id">Names the key in lists and invoices.</param>
/// <param name="Hint">The secret's last characters.</param>
public sealed record ApiKey(string Id, string Hint, KeyTerms Terms, DateTimeOffset Created, DateTimeOffset? Revoked)
{
    /// <summary>The day on which the period of an instant began, and when it ends.</summary>
    public static (long FirstDay, DateTimeOffset? End) PeriodOf(BudgetPeriod period, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var (first, next) = period switch
        {
            BudgetPeriod.Day => (day, day.AddDays(1)),
            BudgetPeriod.Week => (Monday(day), Monday(day).AddDays(7)),
            BudgetPeriod.Month => (new DateOnly(day.Year, day.Month, 1), new DateOnly(day.Year, day.Month, 1).AddMonths(1)),
            _ => (default, default),
        };
        return (first.DayNumber, next == default ? null : new DateTimeOffset(next.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}

/// <summary>What one key used of one model on one day.</summary>
public sealed record UsageRow(DateOnly Day, string Key, string Name, string Model, long Requests, long Prompt, long Completion, long Cost);

/// <summary>Whether the worst case of a request could be reserved.</summary>
/// <param name="Left">Micro-credits that the key has left; meaningless where it has no budget.</param>
/// <param name="Resets">When it has more; null for never.</param>
public readonly record struct Reservation(bool IsReserved, long Left, DateTimeOffset? Resets);
