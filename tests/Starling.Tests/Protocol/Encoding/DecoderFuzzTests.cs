using CsCheck;
using Starling.Protocol.Encoding;
using Starling.Tests.Ledger;
using Xunit;

namespace Starling.Tests.Protocol.Encoding;

/// <summary>Bytes from outside either are the one encoding of a record or give a <see cref="DecodeException"/>.</summary>
public class DecoderFuzzTests
{
    private const int Mutations = 50_000;

    [Fact]
    public void A_mutated_record_is_refused_or_is_another_one_encoding()
    {
        var samples = RecordSamples.All.Where(s => s.Bytes.Length < 4_096).ToArray();
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Int[0, 3], Gen.Int[0, int.MaxValue], Gen.Byte)
            .Sample(
                (which, how, where, value) =>
                    IsStrict(samples[which], Mutate(samples[which].Bytes, how, where, value)),
                iter: Mutations);
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var samples = RecordSamples.All.ToArray();
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Byte.Array[0, 64])
            .Sample((which, bytes) => IsStrict(samples[which], bytes), iter: Mutations);
    }

    [Fact]
    public void Every_truncation_is_refused() => Assert.All(
        RecordSamples.All.Where(s => s.Bytes.Length < 1_024),
        s =>
        {
            for (var length = 0; length < s.Bytes.Length; length++)
                Assert.Throws<DecodeException>(() => s.Recode(s.Bytes[..length]));
        });

    [Fact]
    public void An_unknown_field_is_refused()
    {
        var bytes = RecordSamples.All.Single(s => s.Type.Name == "Bond").Bytes;
        Assert.Equal(new byte[] { 0x83, 0x18, 110, 0x01, 0xa1, 0x01, 0x07 }, bytes);
        byte[] more = [0x83, 0x18, 110, 0x01, 0xa2, 0x01, 0x07, 0x02, 0x00];
        var thrown = Assert.Throws<DecodeException>(
            () => RecordCodec.Decode<Starling.Protocol.Transactions.Bond>(more));
        Assert.Equal("Bond.2", thrown.Where);
    }

    private static bool IsStrict(Sample sample, byte[] bytes)
    {
        try
        {
            return sample.Recode(bytes).AsSpan().SequenceEqual(bytes);
        }
        catch (DecodeException)
        {
            return true;
        }
    }

    private static byte[] Mutate(byte[] bytes, int how, int where, byte value)
    {
        var at = where % bytes.Length;
        switch (how)
        {
            case 0:
                var changed = (byte[])bytes.Clone();
                changed[at] = value;
                return changed;
            case 1:
                return [.. bytes[..at], value, .. bytes[at..]];
            case 2:
                return [.. bytes[..at], .. bytes[(at + 1)..]];
            default:
                return [.. bytes[..at], .. bytes[(at / 2)..]];
        }
    }
}
