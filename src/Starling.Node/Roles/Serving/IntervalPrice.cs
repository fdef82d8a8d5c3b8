using Starling.Ledger.Records;
using Starling.Protocol.Answers;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>What chunks cost, counted over an interval so that rounding shows once: alike for worker and gateway.</summary>
internal static class IntervalPrice
{
    private const ulong PricedWork = 1_000_000_000;

    /// <summary>Tokens of the prompt are counted with the first chunk.</summary>
    public static (ulong Prompt, ulong Answer) Tokens(AnswerRequest request, AnswerChunk chunk, int index) =>
        (index == 0 ? (ulong)request.Known : 0, (ulong)chunk.Tokens.Length);

    public static UInt128 Work(EndpointTerms terms, AnswerRequest request, AnswerChunk chunk, int index)
    {
        var (prompt, answer) = Tokens(request, chunk, index);
        return ((UInt128)prompt * terms.PromptWork) + ((UInt128)answer * terms.TokenWork);
    }

    /// <summary>Micro-credits for work under a lease, rounded up; the most there is for what no channel could hold.</summary>
    public static ulong Of(LeaseRecord lease, UInt128 work)
    {
        if (work > ulong.MaxValue / 2)
            return ulong.MaxValue;
        var price = ((work * lease.Price) + PricedWork - 1) / PricedWork;
        return price > ulong.MaxValue ? ulong.MaxValue : (ulong)price;
    }
}
