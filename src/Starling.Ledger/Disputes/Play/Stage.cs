using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>What a list of a dispute is about.</summary>
public enum StageKind
{
    /// <summary>The committed states.</summary>
    Trace,

    /// <summary>The states after each step of an interval.</summary>
    Steps,

    /// <summary>The content ids of all values of a step.</summary>
    Values,

    /// <summary>The leaves of a state.</summary>
    Leaves,

    /// <summary>The chunks of a value, a leaf or an output.</summary>
    Chunks,

    /// <summary>What each part of a chunk's computation leaves.</summary>
    Parts,
}

/// <summary>What a challenger may say about a list as a whole, instead of naming an item. Values are consensus.</summary>
public enum Objection
{
    None = 0,

    /// <summary>It has the wrong length, or its end is not the claim above.</summary>
    Form = 1,

    /// <summary>Its values do not make up the state claimed.</summary>
    State = 2,

    /// <summary>A loss or parameter among its values is not finite, so the step has no state.</summary>
    NotFinite = 3,

    /// <summary>Every loss and parameter among its values is finite, so the step has a state.</summary>
    Finite = 4,
}

/// <summary>One list of a dispute and how far it was searched.</summary>
/// <param name="Kind">What it lists.</param>
/// <param name="Root">Its root: of a Merkle tree over its items, or the content id of the blob whose chunks they are.</param>
/// <param name="Count">Its items.</param>
/// <param name="First">The first item under the node chosen last.</param>
/// <param name="Span">Items under it: 1 when the search is at a single item.</param>
/// <param name="Disputed">That node or item.</param>
/// <param name="Objection">What was said about the list as a whole.</param>
public sealed record Stage(
    StageKind Kind, Hash256 Root, int Count, int First, int Span, Hash256 Disputed, Objection Objection)
{
    /// <summary>Whether a single item was reached.</summary>
    public bool IsItem => Objection == Objection.None && Span == 1;

    /// <summary>Whether nothing more is to be listed here.</summary>
    public bool IsOver => Objection != Objection.None || Span == 1;
}
