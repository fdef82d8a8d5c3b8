using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Node.Messages.Requests;

/// <summary>Why a job has the providers it has: one entry for every standing offer.</summary>
public sealed record JobExplained(JobId Job, IReadOnlyList<OfferExplained> Offers) : NodeResponse;

/// <summary>What came of one offer for one job.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Provider">Whose it is.</param>
/// <param name="Leases">Slots of it that are leased to the job.</param>
/// <param name="Reason">The ledger's reason by name when none are; <c>Matched</c> otherwise.</param>
public sealed record OfferExplained(OfferId Offer, NodeId Provider, int Leases, string Reason);
