using Starling.Node.Chain;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

public sealed class HashChainTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void EveryLinkHashesToTheOneBefore(int length)
    {
        var chain = new HashChain(Keys.Hash("secret"), length);
        for (var i = 1ul; i <= (ulong)length; i++)
            Assert.Equal(chain[i - 1], Derived.ChainLink(chain[i]));
        Assert.Equal(chain.Tip, chain[0]);
        Assert.Equal(Keys.Hash("secret"), chain[(ulong)length]);
    }

    [Fact]
    public void LinksDoNotDependOnTheOrderOfAsking()
    {
        var upwards = new HashChain(Keys.Hash("secret"), 100);
        var jumping = new HashChain(Keys.Hash("secret"), 100);
        var expected = Enumerable.Range(0, 101).Select(i => upwards[(ulong)i]).ToArray();
        foreach (var i in new[] { 100, 0, 55, 54, 99, 9, 10, 11, 0, 100 })
            Assert.Equal(expected[i], jumping[(ulong)i]);
    }

    [Fact]
    public void AChainThatIsUsedUpSaysSo() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashChain(Keys.Hash("secret"), 10)[11]);
}
