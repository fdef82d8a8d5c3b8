using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Starling.Arithmetic;
using Starling.Compute.Tensors;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>
/// Two hashes that name a model by its numbers and not by its file. The bytes hashed are, per tensor in ordinal order
/// of the names: the name's length (4 bytes, little-endian) and UTF-8 bytes, rows and columns (4 bytes each), and the
/// rows without padding as little-endian fp32.
/// </summary>
public readonly record struct TensorDigest(Hash256 Blake3, Hash256 Sha256)
{
    public static TensorDigest Of(TensorMemory memory)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blake = new Blake3Hasher();
        var order = Enumerable.Range(0, memory.Layout.Entries.Count).ToArray();
        Array.Sort(order, (a, b) => string.CompareOrdinal(memory.Layout.Entries[a].Name, memory.Layout.Entries[b].Name));
        foreach (var index in order)
        {
            Append(Head(memory.Layout.Entries[index]));
            for (var row = 0; row < memory.Tensors[index].Rows; row++)
                Append(Row(memory.Tensors[index].Row(row)));
        }

        return new TensorDigest(blake.Finish(), new Hash256(sha.GetHashAndReset()));

        void Append(ReadOnlySpan<byte> bytes)
        {
            blake.Update(bytes);
            sha.AppendData(bytes);
        }
    }

    private static byte[] Head(TensorEntry entry)
    {
        var name = Encoding.UTF8.GetBytes(entry.Name);
        var bytes = new byte[name.Length + 12];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, name.Length);
        name.CopyTo(bytes, 4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(name.Length + 4), entry.Shape.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(name.Length + 8), entry.Shape.Columns);
        return bytes;
    }

    private static ReadOnlySpan<byte> Row(ReadOnlySpan<float> row)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes(row);
        var bytes = new byte[row.Length * sizeof(float)];
        for (var i = 0; i < row.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), row[i]);
        return bytes;
    }
}
