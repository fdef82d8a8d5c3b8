using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Messages.Requests;

/// <summary>The network as one replica sees it. Amounts are millionths.</summary>
public sealed record NetworkView(
    ChainId Chain,
    ulong Height,
    Timestamp Time,
    Hash256 StateRoot,
    IReadOnlyList<AccountView> Accounts,
    IReadOnlyList<OfferView> Offers) : NodeResponse;

/// <summary>One account.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Nonce">The nonce of its next transaction.</param>
/// <param name="Credits">Free micro-credits.</param>
/// <param name="Tokens">Free micro-tokens.</param>
/// <param name="Staked">Micro-tokens at stake.</param>
/// <param name="Auditor">True while it is drawn for audits.</param>
/// <param name="Convictions">How often it lost stake for a wrong result.</param>
public sealed record AccountView(
    NodeId Id, ulong Nonce, UInt128 Credits, UInt128 Tokens, UInt128 Staked, bool Auditor, int Convictions)
    : NodeResponse;

/// <summary>One standing offer. Price is micro-credits per 10^9 work units.</summary>
public sealed record OfferView(
    OfferId Id, NodeId Provider, string Capability, string Region, int Slots, int FreeSlots, int MemoryMiB, ulong Price,
    Timestamp Expires);
