namespace Starling.Cli.Results;

/// <summary>What <c>run</c> ends with. Fields may be added, never changed.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Model">Content id of the model's weights.</param>
/// <param name="Receipt">Path of the receipt.</param>
/// <param name="HeldOutLoss">Nats per token on data that was held out.</param>
/// <param name="Work">Work units that were paid for.</param>
/// <param name="Cost">Credits that were paid.</param>
/// <param name="Seconds">From opening to closing of the job, on the ledger's clock.</param>
/// <param name="Audits">Results that an auditor recomputed.</param>
/// <param name="Slashed">Names of providers that lost stake for a wrong result.</param>
/// <param name="Tensors">BLAKE3 over the tensors, whatever the file's layout.</param>
/// <param name="Output">The folder with everything.</param>
/// <param name="Providers">Who did what.</param>
internal sealed record RunResult(
    string Job, string Model, string Receipt, double? HeldOutLoss, ulong Work, decimal Cost, double Seconds, int Audits,
    IReadOnlyList<string> Slashed, string Tensors, string Output, IReadOnlyList<ProviderResult> Providers);

/// <summary>What a job that ended without a model left.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Receipt">Path of the receipt.</param>
/// <param name="Outcome">How it ended, as the receipt proves.</param>
internal sealed record StoppedResult(string Job, string Receipt, VerifyOutcome? Outcome);

/// <summary>What one provider did.</summary>
internal sealed record ProviderResult(string Name, string Id, int Tasks, int Lost, int Convicted, ulong Work);

/// <summary>What a job will cost.</summary>
/// <param name="Pricing"><c>exact</c>: work is known before the run.</param>
/// <param name="PricePerTmac">Credits per 10^9 work units (one TMAC) that offers ask now.</param>
/// <param name="MostCost">Credits it can cost at most, audits included; this is locked when the job opens.</param>
/// <param name="Visible">Who can see the data.</param>
internal sealed record QuoteResult(
    string Name, string Spec, string Pricing, ulong Work, int Tasks, int MemoryMiB, decimal PricePerTmac, decimal Cost,
    decimal MostCost, string Visible, IReadOnlyList<QuoteTasks> Lines, string? Expanded);

/// <summary>The tasks of one kind.</summary>
internal sealed record QuoteTasks(string Kind, int Tasks, ulong Work, bool Steering);

/// <summary>What <c>archive</c> wrote.</summary>
internal sealed record ArchiveResult(string File, string Job, int Blobs, long Bytes, string Content);

internal sealed record IdentityResult(string Id, string KeyFile, decimal? Credits, decimal? Tokens);

internal sealed record DoctorResult(IReadOnlyList<DoctorCheck> Checks);

internal sealed record DoctorCheck(string Check, string State, string Detail);

internal sealed record UpResult(string Url, string Home, string Chain, int Providers, int Auditors);

/// <summary>A node that runs.</summary>
/// <param name="Port">Where peers dial it; 0 when it only dials out.</param>
/// <param name="Api">Where a gateway's API listens.</param>
internal sealed record NodeResult(string Role, string Id, string Chain, string Home, int Port, string? Api);

/// <summary>A network that was made.</summary>
internal sealed record NetworkResult(string Chain, string Name, string Home, string Invite);

/// <summary>A backup that was written or read.</summary>
internal sealed record BackupResult(string File, string Home, string Chain, int Files, DateTimeOffset Made);

internal sealed record InitResult(string File);

/// <summary>One line of metrics.jsonl.</summary>
internal sealed record Metric(string Task, string Kind, int Step, double? Loss, double? HeldOutLoss, double? Accuracy);

/// <summary>What <c>ledger fsck</c> found.</summary>
internal sealed record LedgerCheckResult(bool Good, ulong Batches, long Transactions, string? Problem, string Chain);

/// <summary>What a simulated market came to.</summary>
/// <param name="Utilisation">Leased slot time over what could be leased of what was wanted.</param>
/// <param name="LeaseMs95">Virtual milliseconds from order to lease that 95 % do not exceed.</param>
/// <param name="Lost">Tasks that lost their machine.</param>
internal sealed record SimulateResult(
    ulong Seed, int Machines, int Orders, double VirtualSeconds, ulong Batches, long Transactions, double Utilisation,
    double LeastUtilisation, long LeaseMs50, long LeaseMs95, int Lost, long FailoverMs50, long FailoverMs95, OrderCost[] Costs,
    string Root);

/// <summary>Processor time of the ledger for one order.</summary>
internal sealed record OrderCost(int Machines, double Milliseconds);
