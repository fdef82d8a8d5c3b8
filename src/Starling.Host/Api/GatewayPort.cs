using Starling.Client.Contract;
using Starling.Host.Driver;
using Starling.Host.Ports;

namespace Starling.Host.Api;

/// <summary>
/// What the API serves from: the encoded genesis, the gateway's node, its blobs, its receipts, the ledger's
/// events and the process's health.
/// </summary>
public sealed record GatewayPort(
    byte[] Genesis, RoleDriver Node, IBlobStore Blobs, IBlobExchange Exchange, ReceiptDesk Receipts, EventDesk Events,
    Func<Health> Health);
