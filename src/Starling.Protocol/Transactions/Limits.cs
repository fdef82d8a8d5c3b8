namespace Starling.Protocol.Transactions;

/// <summary>Size limits of consensus records. Part of the schema: changing one is a new version.</summary>
public static class Limits
{
    /// <summary>Bytes of one signed transaction: a dispute's openings are the largest.</summary>
    public const int TransactionBytes = 4 << 20;

    /// <summary>Bytes of one encoded batch.</summary>
    public const int BatchBytes = 16 << 20;

    public const int BatchTransactions = 10_000;

    /// <summary>Characters of a name: a capability, a region, a plan node.</summary>
    public const int Name = 64;

    /// <summary>Attributes of one offer or order.</summary>
    public const int Attributes = 16;

    public const int TasksPerIssue = 256;

    public const int Parents = 256;

    public const int Outputs = 64;

    /// <summary>Chunks of an output that one request opens.</summary>
    public const int ChunksPerRequest = 64;

    public const int Verdicts = 4_096;

    public const int Claims = 16_384;

    /// <summary>Providers that one job does without at once.</summary>
    public const int Avoided = 64;

    /// <summary>Leases of one job.</summary>
    public const int Leases = 1_024;

    public const int GenesisAccounts = 10_000;
}
