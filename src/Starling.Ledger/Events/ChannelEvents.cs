using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

public sealed record ChannelOpened(ChannelId Channel, NodeId Payer, NodeId Payee, Credits Deposit) : LedgerEvent;

/// <summary>A voucher added to what the payee has.</summary>
public sealed record VoucherRedeemed(ChannelId Channel, NodeId Payee, NodeId Key, Credits Amount) : LedgerEvent;

/// <summary>The payer wants its channel closed; vouchers are good until a time.</summary>
public sealed record ChannelClosing(ChannelId Channel, Timestamp Closes) : LedgerEvent;

/// <summary>A channel is over; what was not redeemed went back.</summary>
public sealed record ChannelClosed(ChannelId Channel, NodeId Payer, Credits Returned) : LedgerEvent;
