using Starling.Protocol.Transactions;

namespace Starling.Programs.Tasks;

/// <summary>How a run ended.</summary>
public abstract record TaskOutcome
{
    private TaskOutcome()
    {
    }

    /// <summary>The task gave a result; its output blobs are named by the claim.</summary>
    public sealed record Completed(ResultClaim Claim) : TaskOutcome;

    /// <summary>The task cannot be run as specified: a bad input, an unknown program. The same on every machine.</summary>
    public sealed record Refused(string Reason) : TaskOutcome;

    /// <summary>This machine could not run it: out of memory or disk, stopped. Another may.</summary>
    public sealed record Failed(string Reason) : TaskOutcome;
}
