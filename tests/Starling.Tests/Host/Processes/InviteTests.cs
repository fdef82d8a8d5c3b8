using Starling.Host.Processes;
using Starling.Tests.Host.Transport;
using Xunit;

namespace Starling.Tests.Host.Processes;

public sealed class InviteTests
{
    private static readonly string[] s_seeds = ["node.example.org:4690", "10.0.0.7:4690"];

    [Fact]
    public void AnInviteIsOneLineThatNamesTheNetworkAndItsFirstAddresses()
    {
        var genesis = PeerNode.Genesis("one");
        var text = Invite.Create(genesis.ChainId(), s_seeds, PeerNode.KeyOf(1)).ToString();
        Assert.DoesNotContain('\n', text);
        var invite = Invite.Parse($" {text}\n", out var problem);
        Assert.Null(problem);
        Assert.Equal(genesis.ChainId(), invite!.Chain);
        Assert.Equal(s_seeds, invite.Seeds);
        Assert.True(invite.IsOf(genesis));
        Assert.False(invite.IsOf(PeerNode.Genesis("two")));
    }

    [Fact]
    public void AnInviteThatTheProducerDidNotSignIsOfNoNetwork()
    {
        var genesis = PeerNode.Genesis("one");
        var forged = Invite.Create(genesis.ChainId(), s_seeds, PeerNode.KeyOf(2)).ToString();
        Assert.False(Invite.Parse(forged, out _)!.IsOf(genesis));
    }

    [Fact]
    public void EverySlipOfThePenIsFound()
    {
        var text = Invite.Create(PeerNode.Genesis("one").ChainId(), s_seeds, PeerNode.KeyOf(1)).ToString();
        for (var i = 0; i < text.Length; i++)
        {
            Assert.Null(Invite.Parse(text[..i], out _));
            var other = text[i] == 'A' ? 'B' : 'A';
            Assert.Null(Invite.Parse(text[..i] + other + text[(i + 1)..], out var problem));
            Assert.NotNull(problem);
        }
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("host:0")]
    [InlineData("host:70000")]
    [InlineData("ho st:1")]
    [InlineData("http://host:1/")]
    public void AnAddressMustBeOne(string address) => Assert.Throws<ArgumentException>(
        () => Invite.Create(PeerNode.Genesis("one").ChainId(), [address], PeerNode.KeyOf(1)));
}
