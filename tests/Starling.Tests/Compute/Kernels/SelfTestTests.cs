using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

public sealed class SelfTestTests
{
    /// <summary>The digest of arithmetic version 1. It changes only when operators are added: a new rule is a new version.</summary>
    private const string Version1 = "5f8a8dad417496d0ff4bd1a598ff3f3d9ce295d59d73f0d52a715ecddde42a98";

    [Fact]
    public void The_scalar_reference_gives_the_digest_of_version_1() =>
        Assert.Equal(Version1, SelfTest.KernelDigest(new ScalarBackend()));

    [Fact]
    public void The_best_path_gives_the_digest_of_version_1() => Assert.Equal(Version1, SelfTest.KernelDigest());
}
