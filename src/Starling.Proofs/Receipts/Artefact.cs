namespace Starling.Proofs.Receipts;

/// <summary>A file at hand: its path in the job's output folder, with forward slashes, and its bytes.</summary>
public sealed record Artefact(string Path, ReadOnlyMemory<byte> Bytes);
