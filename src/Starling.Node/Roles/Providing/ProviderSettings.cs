using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Providing;

/// <summary>What a provider offers and how.</summary>
/// <param name="Capability">What its machine can do, as offers name it.</param>
/// <param name="Region">Where it stands.</param>
/// <param name="Slots">Leases at once.</param>
/// <param name="MemoryMiB">Memory for each.</param>
/// <param name="Price">Micro-credits per 10^9 work units.</param>
/// <param name="Stake">Micro-tokens to keep at stake, as far as the account reaches.</param>
public sealed record ProviderSettings(
    string Capability, string Region, int Slots, int MemoryMiB, ulong Price, ulong Stake)
{
    /// <summary>Moves the price with demand, from <see cref="Price"/> on; null to leave it there.</summary>
    public PricePolicy? Pricing { get; init; }

    /// <summary>What it takes where it serves a model.</summary>
    public ServingSettings Serving { get; init; } = new();

    /// <summary>
    /// Who may move for it in disputes while it sleeps: a key that it trusts, for a wrong move loses the dispute; null for
    /// nobody.
    /// </summary>
    public NodeId? Defender { get; init; }

    /// <summary>How long an offer stands before it is posted anew.</summary>
    public long OfferMs { get; init; } = 24 * 60 * 60 * 1_000L;

    /// <summary>Milliseconds before a run that this machine could not do is tried again.</summary>
    public int RunRetryMs { get; init; } = 1_000;

    /// <summary>Runs tried for one attempt before it is left to its deadline.</summary>
    public int RunTries { get; init; } = 5;
}
