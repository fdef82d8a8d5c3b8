using System.Buffers.Binary;

namespace Starling.Compute.Tokens;

/// <summary>Walks the fields of a Protocol Buffers message; every length is checked against what is left.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message, string field)
{
    private ReadOnlySpan<byte> rest = message;
    private uint bits;

    /// <summary>Number of the current field.</summary>
    public int Number { get; private set; }

    /// <summary>The current field's bytes where it has a length; empty otherwise.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The current field where it is a whole number.</summary>
    public ulong Whole { get; private set; }

    /// <summary>The current field where it is a 32-bit float.</summary>
    public readonly float Single => BitConverter.UInt32BitsToSingle(bits);

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="TokenizerException">The message is cut or of another form.</exception>
    public bool Next()
    {
        if (rest.IsEmpty)
            return false;
        ulong tag = ReadWhole();
        Number = (int)(tag >> 3);
        Bytes = [];
        (Whole, bits) = (0, 0);
        switch (tag & 7)
        {
            case 0:
                Whole = ReadWhole();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                ulong length = ReadWhole();
                Bytes = Take(length <= int.MaxValue ? (int)length : int.MaxValue);
                break;
            case 5:
                bits = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private ulong ReadWhole()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
            throw Malformed();
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private readonly TokenizerException Malformed() => TokenizerException.Malformed(field, "is no model of SentencePiece");
}
