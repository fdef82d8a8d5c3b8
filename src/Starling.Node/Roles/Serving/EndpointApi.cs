using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>An endpoint that a gateway opens and pays for.</summary>
/// <param name="Model">The encoded <see cref="EndpointModel"/>; its files are in the gateway's store.</param>
/// <param name="Terms">What it serves and what tokens count.</param>
/// <param name="Replicas">Workers wanted.</param>
/// <param name="Capability">Theirs; empty for any.</param>
/// <param name="Region">Theirs; empty for any.</param>
/// <param name="MaxPrice">Micro-credits per 10^9 work units.</param>
/// <param name="Verification">How its answers are checked.</param>
/// <param name="ChannelMicro">Micro-credits that each worker's channel is filled up to.</param>
/// <param name="ForMs">How long it is open.</param>
public sealed record EndpointOrder(
    byte[] Model, EndpointTerms Terms, int Replicas, string Capability, string Region, ulong MaxPrice, Verification Verification,
    ulong ChannelMicro, long ForMs);

/// <summary>
/// Keeps an endpoint: its job, its terms, a channel to each worker. Answered by a stream of <see cref="EndpointView"/>, one
/// after every change. Asking again for the same model goes on with the endpoint that is open.
/// </summary>
public sealed record KeepEndpoint(EndpointOrder Order) : NodeRequest;

/// <summary>How an endpoint stands.</summary>
/// <param name="Endpoint">Null until its job is open.</param>
public sealed record EndpointView(JobId? Endpoint, IReadOnlyList<ReplicaView> Replicas) : NodeResponse;

/// <summary>A worker that answers can be asked of.</summary>
/// <param name="Running">Answers in the making, as it last told.</param>
/// <param name="Capacity">Answers that it takes at once; 0 while it cannot be asked.</param>
public sealed record ReplicaView(NodeId Worker, ChannelId Channel, int Running, int Capacity);
