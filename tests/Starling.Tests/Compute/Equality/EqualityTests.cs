using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Equality;

/// <summary>
/// The bits of every kernel, of training, of generation and of a whole job, in processes whose runtime may not use some
/// instructions, compiles otherwise or has other threads.
/// </summary>
public sealed class EqualityTests
{
    [Theory]
    [InlineData("best", 1, "", VectorWidth.V512)]
    [InlineData("best", 2, "", VectorWidth.V512)]
    [InlineData("best", 2, "EnableAVX512=0", VectorWidth.V256)]
    [InlineData("best", 2, "EnableAVX2=0", VectorWidth.V128)]
    [InlineData("best", 1, "EnableHWIntrinsic=0", VectorWidth.Scalar)]
    [InlineData("best", 2, "PreferredVectorBitWidth=512", VectorWidth.V512)]
    [InlineData("best", 3, "TieredCompilation=0", VectorWidth.V512)]
    [InlineData("best", 1, "TieredPGO=0", VectorWidth.V512)]
    [InlineData("V128", 2, "", VectorWidth.V128)]
    [InlineData("V512", 2, "", VectorWidth.V512)]
    public async Task A_process_has_the_bits_of_the_scalar_reference(
        string path, int threads, string setting, VectorWidth widest)
    {
        (string, string)[] environment = setting.Split('=') is [var name, var value] ? [($"DOTNET_{name}", value)] : [];
        var output = await EqualityProgram.Run("dotnet", [EqualityProgram.Built, path, $"{threads}"], environment);
        Assert.InRange(output.Width, VectorWidth.Scalar, widest);
        Check(await EqualityProgram.Reference, output);
    }

    internal static void Check(EqualityOutput expected, EqualityOutput actual)
    {
        Assert.NotEmpty(expected.Lines);
        var different = expected.Lines.Except(actual.Lines).Concat(actual.Lines.Except(expected.Lines)).ToArray();
        Assert.True(different.Length == 0, $"{actual.How}, not as the reference:\n{string.Join('\n', different)}");
        Assert.Equal(expected.Lines, actual.Lines);
    }
}
