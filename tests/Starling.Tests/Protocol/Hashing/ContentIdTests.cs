using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Protocol.Hashing;

public sealed class ContentIdTests
{
    [Fact]
    public void The_text_is_a_cid_version_1_of_raw_bytes_under_blake3()
    {
        var id = ContentId.Of([]);
        var text = id.ToString();
        Assert.Equal(ContentId.TextLength, text.Length);
        Assert.Equal('b', text[0]);
        Assert.Equal("01551e20af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262", Decode(text[1..]));
    }

    [Fact]
    public void Text_and_id_round_trip()
    {
        for (var i = 0; i < 200; i++)
        {
            var id = ContentId.Of(BitConverter.GetBytes(i));
            Assert.True(ContentId.TryParse(id.ToString(), out var parsed));
            Assert.Equal(id, parsed);
        }
    }

    [Fact]
    public void Any_changed_character_is_another_id_or_none()
    {
        var id = ContentId.Of("starling"u8);
        var text = id.ToString();
        for (var i = 0; i < text.Length; i++)
            foreach (var letter in "abcdefghijklmnopqrstuvwxyz0123456789=AZ\0é")
            {
                if (letter == text[i]) continue;
                var changed = text[..i] + letter + text[(i + 1)..];
                if (ContentId.TryParse(changed, out var other)) Assert.Equal(changed, other.ToString());
            }
    }

    [Fact]
    public void Only_the_one_form_is_read()
    {
        var text = ContentId.Of("starling"u8).ToString();
        Assert.False(ContentId.TryParse(null, out _));
        Assert.False(ContentId.TryParse("", out _));
        Assert.False(ContentId.TryParse(text.ToUpperInvariant(), out _));
        Assert.False(ContentId.TryParse(text + "=", out _));
        Assert.False(ContentId.TryParse(text[..^1], out _));
        Assert.False(ContentId.TryParse(" " + text[1..], out _));
        Assert.False(ContentId.TryParse("z" + text[1..], out _));

        // The last letter carries three bits; its two lowest must be zero.
        Assert.Contains(text[^1], "aeimquy4");
        foreach (var letter in "bcdfghjklnoprstvwxz23567")
            Assert.False(ContentId.TryParse(text[..^1] + letter, out _));
    }

    // Base32 by the definition, digit by digit.
    private static string Decode(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("abcdefghijklmnopqrstuvwxyz234567".IndexOf(c), 2).PadLeft(5, '0')));
        return string.Concat(Enumerable.Range(0, bits.Length / 8)
            .Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2).ToString("x2", null)));
    }
}
