using Starling.Cli;
using Starling.Cli.Running;
using Xunit;

namespace Starling.Tests.Cli;

public sealed class KillOrderTests
{
    [Fact]
    public void ReadsAProviderAndAPercentage()
    {
        Assert.Null(KillOrder.Parse(null, 4));
        Assert.Equal(new KillOrder("provider-2", 50), KillOrder.Parse("provider-2@50%", 4));
    }

    [Theory]
    [InlineData("provider-5@50%")]
    [InlineData("provider-1")]
    [InlineData("provider-1@")]
    [InlineData("provider-1@101%")]
    [InlineData("provider-1@-5%")]
    public void RefusesTheRestWithAnExample(string text)
    {
        var e = Assert.Throws<CliException>(() => KillOrder.Parse(text, 4));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.Contains("provider-1@50%", e.Message, StringComparison.Ordinal);
    }
}
