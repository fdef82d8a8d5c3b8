using System.Runtime.InteropServices;
using Starling.Arithmetic.Catalogue;
using Starling.Protocol.Hashing;

namespace Starling.Compute.Kernels;

/// <summary>
/// One number that every machine must agree on: processes with other instruction sets, other machines and other
/// implementations of arithmetic version 1 compare it before they trade results.
/// </summary>
public static class SelfTest
{
    /// <summary>The digest of arithmetic version 1. It changes only when operators are added: a new rule is a new version.</summary>
    public const string Version1 = "5f8a8dad417496d0ff4bd1a598ff3f3d9ce295d59d73f0d52a715ecddde42a98";

    private static readonly (int Rows, int Columns, int Inner)[] Sizes = [(1, 3, 2), (5, 33, 17), (26, 41, 259)];

    /// <summary>BLAKE3 over the outputs of every operator on small odd shapes and edge values, in hex.</summary>
    public static string KernelDigest() => KernelDigest(VectorBackend.Best());

    /// <summary>The same over a given back end.</summary>
    public static string KernelDigest(IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var bytes = new List<byte>();
        foreach (var (rows, columns, inner) in Sizes)
            foreach (var c in KernelCases.Of(rows, columns, inner))
                foreach (var (seed, edges) in new[] { (7UL, false), (7UL, true), (8UL, true) })
                {
                    var inputs = c.Fill(seed, edges);
                    var output = new PinnedTensor(c.OutputShape);
                    backend.Run(c.Operator, PinnedTensor.Views(inputs), output.View);
                    GC.KeepAlive(inputs);
                    bytes.AddRange(MemoryMarshal.AsBytes<float>(output.Data));
                }

        return Blake3.Hash(CollectionsMarshal.AsSpan(bytes)).ToString();
    }
}
