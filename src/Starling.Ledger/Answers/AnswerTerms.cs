using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>What makes a task one interval's answers of a worker.</summary>
/// <param name="Interval">The interval's number.</param>
/// <param name="Model">Content id of the weights.</param>
/// <param name="Capacity">Most tokens of a sequence in the cache.</param>
/// <param name="Vocabulary">Tokens that the model knows.</param>
/// <param name="Unredeemed">What vouchers may still claim: exposure of the worker, like what they claimed.</param>
/// <param name="Marks">What vouchers of each channel claimed.</param>
public sealed record AnswerTerms(
    ulong Interval, Hash256 Model, int Capacity, int Vocabulary, Credits Unredeemed, AnswerMark[] Marks)
    : IRecord<AnswerTerms>
{
    /// <summary>Channels that pay for one interval.</summary>
    public const int MaxMarks = 16;

    public static RecordType Type => RecordType.AnswerTerms;

    /// <summary>When its task leaves the state; null while it goes on.</summary>
    public Timestamp? KeptUntil { get; init; }

    internal static AnswerTerms Of(EndpointTerms endpoint, ulong interval, Credits limit) =>
        new(interval, endpoint.Model, endpoint.Capacity, endpoint.Vocabulary, limit, []);

    public static AnswerTerms Read(FieldReader f) => new(
        f.Unsigned(1), f.Hash(2), f.Int32(3), f.Int32(4), f.Credits(5), f.Records<AnswerMark>(6, MaxMarks))
    {
        KeptUntil = f.Has(7) ? f.Time(7) : null,
    };

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Interval);
        f.Hash(2, Model);
        f.Integer(3, Capacity);
        f.Integer(4, Vocabulary);
        f.Amount(5, Unredeemed);
        f.Records(6, Marks);
        if (KeptUntil is { } until)
            f.Time(7, until);
    }
}

/// <summary>What vouchers of a channel claimed for an interval.</summary>
public sealed record AnswerMark(ChannelId Channel, Credits Redeemed) : IRecord<AnswerMark>
{
    public static RecordType Type => RecordType.AnswerMark;

    public static AnswerMark Read(FieldReader f) => new(new ChannelId(f.Hash(1)), f.Credits(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Channel.Hash);
        f.Amount(2, Redeemed);
    }
}

/// <summary>An endpoint as the ledger keeps it with its job.</summary>
/// <param name="Terms">What it serves.</param>
/// <param name="Since">When interval 0 began.</param>
public sealed record EndpointRecord(EndpointTerms Terms, Timestamp Since) : IRecord<EndpointRecord>
{
    public static RecordType Type => RecordType.Endpoint;

    /// <summary>When an interval is over and may be committed; it must be before the next one is.</summary>
    public Timestamp EndOf(ulong interval) => interval < (ulong)(long.MaxValue / Terms.IntervalMs)
        ? Since.After(checked((long)(interval + 1) * Terms.IntervalMs))
        : new Timestamp(long.MaxValue);

    /// <summary>
    /// Until when it can be reported that an interval was never committed. Its task, where there is one, stays in the
    /// state for longer, so that nobody is reported for what was archived.
    /// </summary>
    public Timestamp ReportableUntil(ulong interval) => EndOf(interval).After(checked(16 * Terms.IntervalMs));

    /// <summary>The interval that runs at a time.</summary>
    public ulong IntervalAt(Timestamp now) => (ulong)(Math.Max(0, now.Milliseconds - Since.Milliseconds) / Terms.IntervalMs);

    public static EndpointRecord Read(FieldReader f) => new(f.Nested<EndpointTerms>(1), f.Time(2));

    public void Write(FieldWriter f)
    {
        f.Record(1, Terms);
        f.Time(2, Since);
    }
}
