namespace Starling.Cli.Results;

/// <summary>What <c>starling serve</c> says when it is ready.</summary>
internal sealed record ServeResult(string BaseUrl, string Model, int Context, bool KeysRequired);

/// <summary>A new key and its secret.</summary>
internal sealed record KeyResult(string Id, string Name, string Secret);

/// <summary>A key in a list.</summary>
internal sealed record KeyLine(
    string Id, string Name, string Secret, long? BudgetMicro, string Reset, int? RequestsPerMinute, string[] Models, DateTimeOffset Created,
    DateTimeOffset? Expires, DateTimeOffset? Revoked);

/// <summary>What one key used of one model on one day.</summary>
internal sealed record UsageLine(
    DateOnly Day, string Key, string Name, string Model, long Requests, long PromptTokens, long CompletionTokens, long CostMicro);

internal sealed record UsageResult(DateOnly From, DateOnly To, UsageLine[] Lines, long CostMicro);
