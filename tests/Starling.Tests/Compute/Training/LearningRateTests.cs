using Starling.Compute.Training;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class LearningRateTests
{
    [Fact]
    public void WarmsUpThenFallsToTheFloor()
    {
        LearningRate rate = new() { Peak = 1, Floor = 0.1f, WarmupSteps = 10, TotalSteps = 110 };
        Assert.Equal(0.1f, rate.At(0), 6);
        Assert.Equal(1f, rate.At(9), 6);
        Assert.Equal(1f, rate.At(10), 6);
        Assert.Equal(0.55f, rate.At(60), 5);
        Assert.Equal(0.1f, rate.At(110), 5);
        Assert.Equal(0.1f, rate.At(1000), 5);
    }

    [Theory]
    [InlineData(RateDecay.Constant, 1f)]
    [InlineData(RateDecay.Linear, 0.75f)]
    [InlineData(RateDecay.Cosine, 0.8535534f)]
    public void FallsByItsKind(RateDecay decay, float quarter) =>
        Assert.Equal(quarter, new LearningRate { Peak = 1, TotalSteps = 100, Decay = decay }.At(25), 5);
}
