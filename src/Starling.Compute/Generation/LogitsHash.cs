using System.Runtime.InteropServices;
using Starling.Protocol.Hashing;

namespace Starling.Compute.Generation;

/// <summary>
/// The hash of a row of logits as a value of the model's graph: BLAKE3 of its fp32 numbers, padded with zeros to whole
/// KiB. Owns the padded row, so it serves one caller at a time.
/// </summary>
public sealed class LogitsHash(int vocabularySize)
{
    private readonly byte[] padded =
        new byte[(((vocabularySize * sizeof(float)) + Blake3.ChunkSize - 1) / Blake3.ChunkSize) * Blake3.ChunkSize];

    public Hash256 Of(ReadOnlySpan<float> logits)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(logits);
        if (bytes.Length == padded.Length)
            return Blake3.Hash(bytes);
        bytes.CopyTo(padded);
        return Blake3.Hash(padded);
    }
}
