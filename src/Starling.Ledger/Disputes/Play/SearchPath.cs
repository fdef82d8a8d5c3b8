using Starling.Ledger.Records;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes.Play;

/// <summary>What a dispute is about, as the first choice decided.</summary>
public enum SearchMode
{
    /// <summary>A state of the trace after the first: steps, then values, then chunks.</summary>
    Step = 1,

    /// <summary>The first state of the trace: its leaves, then chunks.</summary>
    FirstState = 2,

    /// <summary>An output: chunks.</summary>
    Output = 3,

    /// <summary>How many states or outputs there are.</summary>
    Form = 4,
}

/// <summary>Reads a position: which list each choice was made in.</summary>
public readonly record struct SearchPath(DisputePosition Position, ResultClaim Claim)
{
    private int First => Position.Path[0];

    public SearchMode Mode =>
        First >= Claim.TraceLength + Claim.Outputs.Length ? SearchMode.Form
        : First >= Claim.TraceLength ? SearchMode.Output
        : First == 0 ? SearchMode.FirstState
        : SearchMode.Step;

    /// <summary>The disputed interval, counted from 1.</summary>
    public int Interval => First;

    public int Step => Position.Path[1];

    public int Value => Position.Path[2];

    public int Leaf => Position.Path[1];

    public int Output => First - Claim.TraceLength;

    /// <summary>Levels before those that search a hash tree.</summary>
    public int Base => Mode switch { SearchMode.Step => 3, SearchMode.FirstState => 2, _ => 1 };

    /// <summary>Choices made within the hash tree of the disputed value, leaf or output.</summary>
    public ReadOnlySpan<int> ChunkPath =>
        Position.Path.Length > Base ? Position.Path.AsSpan(Base..) : default;

    /// <summary>True when the last choice said that the list posted has the wrong form: the list is kept.</summary>
    public bool IsObjection => Position.Claims.Length > 0;
}
