namespace Starling.Proofs.Receipts;

/// <summary>Bounds of a receipt; part of its schema.</summary>
public static class ReceiptLimits
{
    /// <summary>Bytes of a whole receipt.</summary>
    public const int Bytes = 64 << 20;

    public const int GenesisBytes = 4 << 20;

    public const int JobSpecBytes = 1 << 20;

    /// <summary>Bytes of one ledger record.</summary>
    public const int RecordBytes = 1 << 20;

    public const int Tasks = 16_384;

    public const int Files = 64;

    public const int PathLength = 256;
}
