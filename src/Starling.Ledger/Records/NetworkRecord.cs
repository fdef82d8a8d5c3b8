using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Records;

/// <summary>What the network as a whole remembers: the last batch's instant, totals and counters.</summary>
/// <param name="Height">Of the last batch.</param>
/// <param name="Time">Of the last batch: the ledger's only clock.</param>
/// <param name="Beacon">The last link shown; the next header must show its preimage.</param>
/// <param name="CreditsIssued">All credits ever made, genesis included.</param>
/// <param name="CreditsBurned">All credits ever destroyed.</param>
/// <param name="TokensIssued">All tokens ever made, genesis included.</param>
/// <param name="TokensBurned">All tokens ever destroyed.</param>
/// <param name="NextEpoch">The number of the next audit epoch.</param>
/// <param name="NextJob">Orders are matched in the order of this number.</param>
/// <param name="MarketChanged">Height of the last change that could let an order match.</param>
public sealed record NetworkRecord(
    ulong Height,
    Timestamp Time,
    Hash256 Beacon,
    Credits CreditsIssued,
    Credits CreditsBurned,
    Tokens TokensIssued,
    Tokens TokensBurned,
    ulong NextEpoch,
    ulong NextJob,
    ulong MarketChanged) : IRecord<NetworkRecord>
{
    public static RecordType Type => RecordType.Network;

    /// <summary>Micro-credits per unit of a transaction's weight in the next batch.</summary>
    public ulong Price { get; init; }

    /// <summary>Tokens that newcomers can still earn as stake (protocol.md, 21).</summary>
    public Tokens VaultTokens { get; init; }

    /// <summary>Credits that newcomers left for them.</summary>
    public Credits VaultCredits { get; init; }

    /// <summary>The height whose link is the tip of the producer's chain of beacons: 0 for that of genesis.</summary>
    public ulong BeaconFrom { get; init; }

    /// <summary>The tip of the chain that comes after it, once fixed.</summary>
    public Hash256? NextBeacon { get; init; }

    /// <summary>The height whose header shows the first link of that chain, or 0.</summary>
    public ulong NextBeaconAt { get; init; }

    public static NetworkRecord Read(FieldReader f) => new(
        f.Unsigned(1), f.Time(2), f.Hash(3), f.Credits(4), f.Credits(5), f.Tokens(6), f.Tokens(7), f.Unsigned(8),
        f.Unsigned(9), f.Unsigned(10))
    {
        Price = f.Unsigned(11),
        VaultTokens = f.Tokens(12),
        VaultCredits = f.Credits(13),
        BeaconFrom = f.Positive(14),
        NextBeacon = f.OptionalHash(15),
        NextBeaconAt = f.Positive(16),
    };

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Height);
        f.Time(2, Time);
        f.Hash(3, Beacon);
        f.Amount(4, CreditsIssued);
        f.Amount(5, CreditsBurned);
        f.Amount(6, TokensIssued);
        f.Amount(7, TokensBurned);
        f.Unsigned(8, NextEpoch);
        f.Unsigned(9, NextJob);
        f.Unsigned(10, MarketChanged);
        f.Unsigned(11, Price);
        f.Amount(12, VaultTokens);
        f.Amount(13, VaultCredits);
        f.Positive(14, BeaconFrom);
        f.OptionalHash(15, NextBeacon);
        f.Positive(16, NextBeaconAt);
    }
}
