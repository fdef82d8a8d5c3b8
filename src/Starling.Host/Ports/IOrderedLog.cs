using Starling.Protocol.Batches;

namespace Starling.Host.Ports;

/// <summary>
/// Orders batches: at each height exactly one, for ever. Engines differ in what they survive, not in what they promise.
/// Safe to call from any thread.
/// </summary>
public interface IOrderedLog
{
    /// <summary>The height of the last batch; 0 when only genesis exists.</summary>
    ulong Height { get; }

    /// <summary>The height of the first batch: 1, unless the log began behind a snapshot.</summary>
    ulong First { get; }

    /// <summary>
    /// Appends at the batch's own height. Appending the same batch again is accepted, so a caller who does not know
    /// the outcome may simply repeat.
    /// </summary>
    /// <exception cref="StorageException">The engine failed; the batch is not in the log.</exception>
    AppendResult Append(Batch batch);

    /// <summary>Batches from a height on, ascending and chained, at most <paramref name="max"/>.</summary>
    /// <exception cref="StorageException">A stored batch is missing or does not follow from the one before.</exception>
    IReadOnlyList<Batch> Read(ulong fromHeight, int max);

    /// <summary>Completes when the log is longer than <paramref name="height"/>.</summary>
    Task WaitBeyond(ulong height, CancellationToken cancel);

    /// <summary>What the engine promises about the batch at a height.</summary>
    LogFinality FinalityOf(ulong height);
}

/// <summary>What became of an append.</summary>
public enum AppendResult
{
    Accepted = 1,

    /// <summary>Another batch holds this height.</summary>
    HeightTaken = 2,

    /// <summary>A batch before this one is missing.</summary>
    Gap = 3,

    /// <summary>The batch does not name the last one as its predecessor.</summary>
    NotChained = 4,
}

/// <summary>What survives what.</summary>
public enum LogFinality
{
    Unknown = 0,

    /// <summary>Survives the process.</summary>
    Durable = 1,

    /// <summary>Survives the machine and cannot be reordered.</summary>
    Final = 2,
}
