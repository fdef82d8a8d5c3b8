namespace Starling.Compute.Generation;

/// <summary>
/// Limits which tokens may come next, as a grammar does. What it allows must be a function of the accepted tokens alone,
/// so that another machine continues, and an auditor checks, with the same one.
/// </summary>
public interface ITokenConstraint
{
    /// <summary>
    /// Sets the bit of every token that may come next: token t is bit t mod 64 of word t / 64. All are 0 before.
    /// To let the answer end it allows a stop token.
    /// </summary>
    void Allow(Span<ulong> allowed);

    /// <summary>Takes a token of the answer.</summary>
    void Accept(int token);
}
