namespace Starling.Node.Roles.Auditing;

/// <summary>How an auditor works.</summary>
/// <param name="Stake">Micro-tokens to keep at stake, as far as the account reaches.</param>
/// <param name="SeedLength">Epochs that one enrolment's chain of seeds lasts; after that it enrols anew.</param>
/// <param name="MarginMs">This long before the deadline it commits to what it has.</param>
/// <param name="RunRetryMs">Milliseconds before a run that this machine could not do is tried again.</param>
public sealed record AuditorSettings(ulong Stake, int SeedLength = 1 << 16, int MarginMs = 2_000, int RunRetryMs = 1_000);
