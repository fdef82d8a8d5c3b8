using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>An input that a task needs and that is neither at hand nor could be made here.</summary>
/// <param name="Node">The task.</param>
/// <param name="Input">Which of its inputs, from 0.</param>
/// <param name="Content">Names the bytes.</param>
/// <param name="From">Where they come from: <c>the job's data</c>, or an output of another task.</param>
public sealed record MissingInput(string Node, int Input, ContentId Content, string From);

/// <summary>What a replay did.</summary>
/// <param name="Tasks">Paid tasks that the receipt holds.</param>
/// <param name="Drawn">How many of them were to be recomputed.</param>
/// <param name="Needed">The same and those whose outputs they read and nobody here held.</param>
/// <param name="Recomputed">Names of the tasks that were, and gave the receipt's results.</param>
/// <param name="Missing">What the others would have needed.</param>
/// <param name="Problem">The first result that differs; null while all agree.</param>
public sealed record ReplayReport(
    int Tasks, int Drawn, int Needed, IReadOnlyList<string> Recomputed, IReadOnlyList<MissingInput> Missing, string? Problem)
{
    /// <summary>Every drawn task, and every one that it needed, was recomputed and agreed.</summary>
    public bool Holds => Problem is null && Missing.Count == 0 && Recomputed.Count == Needed;
}
