using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

public sealed class SelfTestTests
{
    /// <summary>The digest of arithmetic version 1. It never changes: a new rule is a new version.</summary>
    private const string Version1 = "b4797cf740dce761b4f42dab57576252e3523b1bcf14d8fc5eb17dacb00e15e6";

    [Fact]
    public void The_scalar_reference_gives_the_digest_of_version_1() =>
        Assert.Equal(Version1, SelfTest.KernelDigest(new ScalarBackend()));

    [Fact]
    public void The_best_path_gives_the_digest_of_version_1() => Assert.Equal(Version1, SelfTest.KernelDigest());
}
