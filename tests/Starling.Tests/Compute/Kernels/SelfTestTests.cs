using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

public sealed class SelfTestTests
{
    /// <summary>The digest of arithmetic version 1. It never changes: a new rule is a new version.</summary>
    private const string Version1 = "b93f20e50098f433222e73dcdb4215b0d4cae26a589ab8c83fcc7228873c0529";

    [Fact]
    public void The_scalar_reference_gives_the_digest_of_version_1() =>
        Assert.Equal(Version1, SelfTest.KernelDigest(new ScalarBackend()));

    [Fact]
    public void The_best_path_gives_the_digest_of_version_1() => Assert.Equal(Version1, SelfTest.KernelDigest());
}
