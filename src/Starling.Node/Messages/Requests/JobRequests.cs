using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Messages.Requests;

/// <summary>
/// Opens a job with a transaction that its owner signed. The specification it names is in the gateway's store.
/// Answered by <see cref="JobOpened"/> once a batch holds it, or by <see cref="RequestRefused"/>.
/// </summary>
public sealed record SubmitJob(SignedTransaction Transaction) : NodeRequest;

/// <summary>As <see cref="SubmitJob"/>, signed and paid by the gateway's own key: for local networks and labs.</summary>
public sealed record SubmitOrder(OpenJob Order) : NodeRequest;

/// <summary>Every job that this gateway coordinates, newest first; answered by <see cref="JobList"/>.</summary>
public sealed record ListJobs : NodeRequest;

/// <summary>One job as it stands; answered by <see cref="JobView"/>.</summary>
public sealed record GetJob(JobId Job) : NodeRequest;

/// <summary>A <see cref="JobView"/> now and after every change, the last one when the job has ended.</summary>
public sealed record WatchJob(JobId Job) : NodeRequest;

/// <summary>No view of the named watch is wanted any more. Has no answer.</summary>
public sealed record StopWatching(string Request) : NodeRequest;

/// <summary>
/// Stops a job that the gateway's own key opened; a job of another owner is stopped with a transaction of that owner
/// (<see cref="SubmitRaw"/>). Answered by the <see cref="JobView"/> after the batch that holds it.
/// </summary>
public sealed record StopJob(JobId Job) : NodeRequest;

/// <summary>Why a job has the providers it has, and why no other offer matched; answered by <see cref="JobExplained"/>.</summary>
public sealed record ExplainJob(JobId Job) : NodeRequest;
