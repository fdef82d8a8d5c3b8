using Starling.Protocol.Transactions;

namespace Starling.Programs.Jobs;

/// <summary>What happens when the budget is used up.</summary>
public enum BudgetPolicy
{
    /// <summary>The job waits for a top-up.</summary>
    Pause = 1,

    /// <summary>The job ends with what it has.</summary>
    Stop = 2,
}

/// <summary>What providers must have. An empty region or capability accepts any; no memory means what the job needs.</summary>
public sealed record JobResources(string Region, string Capability, int? MemoryMiB);

/// <summary>A job file, typed and checked, with every default filled in.</summary>
/// <param name="Name">Names the job and its default output folder.</param>
/// <param name="Work">The verb with its settings.</param>
/// <param name="Budget">The most it may cost; null for what the quote says.</param>
/// <param name="OnBudget">What happens when the budget is used up.</param>
/// <param name="Verify">How much of the work is recomputed.</param>
/// <param name="Seed">Addresses every random draw.</param>
/// <param name="Output">Folder that receives the results; no part of what is signed.</param>
/// <param name="Resources">What providers must have.</param>
public sealed record Job(
    string Name,
    JobVerb Work,
    Credits? Budget,
    BudgetPolicy OnBudget,
    Verification Verify,
    ulong Seed,
    string Output,
    JobResources Resources)
{
    /// <summary>Providers per task, with <see cref="Verification.Quorum"/>; else 0.</summary>
    public int Quorum { get; init; }

    /// <summary>Times that each task is done.</summary>
    public int Copies => Math.Max(Quorum, 1);

    /// <summary>The job as YAML with every key written out; reading it gives an equal job.</summary>
    public string Expand() => JobText.Write(this);
}

/// <summary>What a job does: one record per verb.</summary>
public abstract record JobVerb
{
    private protected JobVerb()
    {
    }

    /// <summary>The verb's key in the job file.</summary>
    public abstract string Verb { get; }
}
