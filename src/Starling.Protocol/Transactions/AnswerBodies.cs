using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>What an endpoint serves and what its work counts: the same for every worker that holds a lease of its job.</summary>
/// <param name="Model">Content id of the weights.</param>
/// <param name="Graph">Hash of the blueprint of one row of logits; zero where the auditors decide.</param>
/// <param name="Capacity">Most tokens of a sequence in the cache.</param>
/// <param name="Vocabulary">Tokens that the model knows.</param>
/// <param name="PromptWork">Work units of a token of a prompt.</param>
/// <param name="TokenWork">Work units of a token of an answer.</param>
/// <param name="IntervalMs">Time between two commitments.</param>
public sealed record EndpointTerms(
    Hash256 Model, Hash256 Graph, int Capacity, int Vocabulary, ulong PromptWork, ulong TokenWork, long IntervalMs)
    : IRecord<EndpointTerms>
{
    private const long LongestMs = 24L * 3_600 * 1_000;
    private const ulong MostWork = 1UL << 56;

    public static RecordType Type => RecordType.EndpointTerms;

    public static EndpointTerms Read(FieldReader f) => new(
        f.Hash(1), f.Hash(2), f.Int32(3, 1, AnswerLimits.Tokens - 1), f.Int32(4, 1, AnswerLimits.Vocabulary),
        f.Unsigned(5, MostWork), f.Unsigned(6, MostWork), f.Integer(7, 1, LongestMs));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Model);
        f.Hash(2, Graph);
        f.Integer(3, Capacity);
        f.Integer(4, Vocabulary);
        f.Unsigned(5, PromptWork);
        f.Unsigned(6, TokenWork);
        f.Integer(7, IntervalMs);
    }
}

/// <summary>The coordinator makes its job an endpoint: those who hold its leases serve a model from now on.</summary>
public sealed record OpenEndpoint(JobId Job, EndpointTerms Terms) : TransactionBody<OpenEndpoint>, IRecord<OpenEndpoint>
{
    public static RecordType Type => RecordType.OpenEndpoint;

    public static OpenEndpoint Read(FieldReader f) => new(new JobId(f.Hash(1)), f.Nested<EndpointTerms>(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Job.Hash);
        f.Record(2, Terms);
    }
}

/// <summary>
/// A worker binds itself to its answers of one interval, after its end and before that of the next one. The salted
/// commitment is of a result claim whose trace is the interval's tree and whose outputs are manifest and pack;
/// <c>RevealResult</c> shows it.
/// The tokens say what vouchers may claim at most.
/// </summary>
public sealed record CommitAnswers(JobId Endpoint, ulong Interval, ulong PromptTokens, ulong Tokens, Hash256 Commitment)
    : TransactionBody<CommitAnswers>, IRecord<CommitAnswers>
{
    private const ulong MostTokens = 1UL << 40;

    public static RecordType Type => RecordType.CommitAnswers;

    public static CommitAnswers Read(FieldReader f) => new(
        new JobId(f.Hash(1)), f.Unsigned(2), f.Unsigned(3, MostTokens), f.Unsigned(4, MostTokens), f.Hash(5));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Endpoint.Hash);
        f.Unsigned(2, Interval);
        f.Unsigned(3, PromptTokens);
        f.Unsigned(4, Tokens);
        f.Hash(5, Commitment);
    }
}

/// <summary>
/// The worker moves what a voucher says out of its channel, where it stays locked until the interval's answers are
/// final. A voucher is signed by the channel's payer and counts all of the interval (<see cref="Derived.AnswerVoucher"/>).
/// </summary>
public sealed record RedeemAnswers(TaskId Answers, ChannelId Channel, ulong Micro, Hash256 Root, Signature Signature)
    : TransactionBody<RedeemAnswers>, IRecord<RedeemAnswers>
{
    public static RecordType Type => RecordType.RedeemAnswers;

    public static RedeemAnswers Read(FieldReader f) =>
        new(new TaskId(f.Hash(1)), new ChannelId(f.Hash(2)), f.Unsigned(3), f.Hash(4), f.Signature(5));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Answers.Hash);
        f.Hash(2, Channel.Hash);
        f.Unsigned(3, Micro);
        f.Hash(4, Root);
        f.Bytes(5, Signature.Bytes);
    }
}

/// <summary>Anyone who holds a signed chunk shows that its interval's commitment lacks it, or was never made.</summary>
public sealed record ReportMissing(MissingChunk Proof) : TransactionBody<ReportMissing>, IRecord<ReportMissing>
{
    public static RecordType Type => RecordType.ReportMissing;

    public static ReportMissing Read(FieldReader f) => new(f.Nested<MissingChunk>(1));

    public void Write(FieldWriter f) => f.Record(1, Proof);
}
