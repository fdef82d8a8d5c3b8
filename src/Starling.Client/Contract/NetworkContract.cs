namespace Starling.Client.Contract;

/// <summary>Whether the service is up, and its nodes with it.</summary>
public sealed record Health(string Status, string Version, IReadOnlyList<NodeHealth> Nodes);

/// <summary>One node of this process.</summary>
/// <param name="Name">Its local name, for example <c>provider-2</c>.</param>
/// <param name="Role">Its role.</param>
/// <param name="Id">Its key.</param>
/// <param name="Running">False once it has stopped.</param>
/// <param name="Problem">Why it stopped by itself, if it did.</param>
public sealed record NodeHealth(string Name, string Role, string Id, bool Running, string? Problem);

/// <summary>The network as this gateway's replica sees it. Amounts are millionths.</summary>
/// <param name="Chain">Hash of the genesis.</param>
/// <param name="Gateway">The key that coordinates jobs submitted here.</param>
public sealed record NetworkInfo(
    string Chain, string Gateway, ulong Height, DateTimeOffset Time, string StateRoot,
    IReadOnlyList<AccountInfo> Accounts, IReadOnlyList<OfferInfo> Offers);

/// <summary>One account. Amounts are millionths.</summary>
public sealed record AccountInfo(
    string Id, ulong Nonce, ulong CreditsMicro, ulong TokensMicro, ulong StakedMicro, bool Auditor, int Convictions);

/// <summary>One standing offer; the price is micro-credits per 10^9 work units.</summary>
public sealed record OfferInfo(
    string Id, string Provider, string Capability, string Region, int Slots, int FreeSlots, int MemoryMiB, ulong Price,
    DateTimeOffset Expires);

/// <summary>A signed transaction: base64 of its encoded record.</summary>
public sealed record TransactionSubmission(string Transaction);

/// <summary>What became of a transaction: <c>unknown</c>, <c>pending</c>, <c>applied</c>, <c>refused</c> or <c>expired</c>.</summary>
public sealed record TransactionInfo(string Id, string State, ulong? Height, string? Code);

/// <summary>A blob that was stored.</summary>
public sealed record BlobInfo(string Content, long Size);
