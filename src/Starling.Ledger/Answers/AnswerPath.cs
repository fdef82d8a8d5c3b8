using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>
/// Reads a position of a dispute about answers. Level 0 lists the interval's answers; at level 1 the worker opens the
/// one chosen, which leaves its hashes of logits as claims; the index chosen among them is 2 r for the logits of row r
/// and 2 r + 1 for the token drawn from them. Below that, logits are a value of the model's graph and are searched
/// like one.
/// </summary>
public readonly record struct AnswerPath(DisputePosition Position)
{
    /// <summary>Claims behind those of the rows: what needs a tokenizer, and the content id of the tokens.</summary>
    private const int Behind = 2;

    /// <summary>Levels above the search of a step: the answer, the row.</summary>
    private const int Own = 2;

    /// <summary>Steps of the graph that a row is one of: the state it leads to holds its logits and nothing else.</summary>
    private static readonly ResultClaim s_rows = new([], Hash256.Zero, 2);

    /// <summary>The answer in doubt.</summary>
    public int Place => Position.Path[0];

    /// <summary>The number of the token whose logits, or successor, are in doubt.</summary>
    public int Row => Position.Path[1] / 2;

    public bool IsToken => Position.Path.Length > 1 && Position.Path[1] % 2 == 1;

    /// <summary>Content id of the answer's tokens.</summary>
    public Hash256 Tokens => Position.Agreed[1];

    /// <summary>The hash of the logits in doubt, or of those that the token in doubt was drawn from.</summary>
    public Hash256 Logits => Position.Disputed[1];

    /// <summary>What an opened answer leaves to choose from; rows without logits are zero.</summary>
    public static Hash256[] Claims(Protocol.Answers.AnswerRecord answer, int capacity)
    {
        var logits = answer.Logits();
        var first = answer.Request.Known - 1;
        var claims = new Hash256[first + logits.Length + Behind];
        logits.CopyTo(claims, first);
        claims[^2] = answer.Request.Beyond;
        claims[^1] = Blake3.Hash(Arithmetic.Blueprints.AnswerInputs.TokenBlob(answer.Tokens(), capacity));
        return claims;
    }

    /// <summary>The position after a choice among the claims of an opened answer; null where there is nothing in doubt.</summary>
    public DisputePosition? Choose(int index)
    {
        var claims = Position.Claims;
        if (index < 0 || index / 2 >= claims.Length - Behind || claims[index / 2].IsZero)
            return null;
        // No referee has the tokenizer or the grammar.
        if (index % 2 == 1 && !claims[^2].IsZero)
            return null;
        return Position.Descend(index, claims[^1], claims[index / 2]);
    }

    /// <summary>The same search as one about a step of the model's graph.</summary>
    public (TaskRecord Task, DisputePosition Position) AsStep(TaskRecord task)
    {
        var spec = new Arithmetic.Blueprints.AnswerInputs(task.Answers!.Model, Tokens).Encode();
        var attempt = task.Current with { Claim = s_rows };
        var virtualTask = task.WithCurrent(attempt) with
        {
            Answers = null,
            Issue = task.Issue with { Spec = Blake3.Hash(spec) },
        };
        var row = NodeLists.PathTo(task.Answers.Capacity, Row);
        var none = new Hash256[row.Length];
        return (virtualTask, Position with
        {
            Level = Position.Level - Own + 1 + row.Length,
            Path = [1, .. row.Select(static r => r.Index), .. Position.Path[Own..]],
            Lengths = [2, .. row.Select(static r => r.Length), .. Position.Lengths[Own..]],
            Roots = [Hash256.Zero, .. none, .. Position.Roots[Own..]],
            Agreed = [Hash256.Zero, .. none, .. Position.Agreed[Own..]],
            Disputed = [Position.Disputed[0], .. none[1..], MerkleTree.Root([Logits]), .. Position.Disputed[Own..]],
        });
    }

    /// <summary>A position of that search as one of this.</summary>
    public DisputePosition FromStep(TaskRecord task, DisputePosition step)
    {
        var above = 1 + NodeLists.PathTo(task.Answers!.Capacity, Row).Length;
        return step with
        {
            Level = step.Level - above + Own,
            Path = [.. Position.Path[..Own], .. step.Path[above..]],
            Lengths = [.. Position.Lengths[..Own], .. step.Lengths[above..]],
            Roots = [.. Position.Roots[..Own], .. step.Roots[above..]],
            Agreed = [.. Position.Agreed[..Own], .. step.Agreed[above..]],
            Disputed = [.. Position.Disputed[..Own], .. step.Disputed[above..]],
        };
    }
}
