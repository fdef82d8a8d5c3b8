using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

public sealed class SelfTestTests
{
    [Fact]
    public void The_scalar_reference_gives_the_digest_of_version_1() =>
        Assert.Equal(SelfTest.Version1, SelfTest.KernelDigest(new ScalarBackend()));

    [Fact]
    public void The_best_path_gives_the_digest_of_version_1() => Assert.Equal(SelfTest.Version1, SelfTest.KernelDigest());
}
