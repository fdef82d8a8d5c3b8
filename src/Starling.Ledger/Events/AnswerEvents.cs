using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>A job serves a model from now on.</summary>
public sealed record EndpointOpened(JobId Job, Hash256 Model) : LedgerEvent;

/// <summary>A worker is bound to its answers of an interval.</summary>
public sealed record AnswersCommitted(JobId Job, TaskId Task, ulong Interval, NodeId Provider, ulong? Epoch) : LedgerEvent;

/// <summary>Credits left a channel and are reserved until the answers that they pay are final.</summary>
public sealed record AnswersRedeemed(ChannelId Channel, JobId Job, TaskId Task, Credits Amount) : LedgerEvent;
