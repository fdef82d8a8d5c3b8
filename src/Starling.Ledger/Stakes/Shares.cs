namespace Starling.Ledger.Stakes;

/// <summary>Shares of a pot of tokens. Every division favours the pot, so no share is ever worth more than a token.</summary>
internal static class Shares
{
    /// <summary>No pot has more shares than this: products with amounts stay within 128 bits.</summary>
    private const ulong Most = 1UL << 62;

    /// <summary>Shares for a deposit; null where the pot was slashed so far that a share is worth next to nothing.</summary>
    public static ulong? ForDeposit(Tokens deposit, Tokens pot, ulong shares)
    {
        if (shares == 0)
            return (ulong)deposit.Micro;
        if (pot == Tokens.Zero)
            return null;
        var got = deposit.Micro * shares / pot.Micro;
        return got + shares <= Most ? (ulong)got : null;
    }

    /// <summary>What some of the shares are worth; all of them are worth the pot.</summary>
    public static Tokens Value(ulong some, Tokens pot, ulong shares) =>
        some == shares ? pot : new Tokens(some * pot.Micro / shares);
}
