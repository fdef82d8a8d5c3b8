namespace Starling.Compute.Kernels;

/// <summary>How many bits a kernel's vectors have. The width never shows in the results.</summary>
public enum VectorWidth
{
    /// <summary>No vectors: the scalar reference itself.</summary>
    Scalar = 32,

    /// <summary>NEON, or SSE with FMA.</summary>
    V128 = 128,

    /// <summary>AVX2 with FMA.</summary>
    V256 = 256,

    /// <summary>AVX-512.</summary>
    V512 = 512,
}
