namespace Starling.Arithmetic.Catalogue;

/// <summary>
/// Every operator of arithmetic version 1. Values are consensus: they only grow and never change meaning.
/// "chain" is the k-chain (blocks of 256, ascending, fused multiply-add); "lanes" is the 32-lane row reduction.
/// docs/arithmetic.md states each one exactly.
/// </summary>
public enum OperatorKind : ushort
{
    /// <summary>(a, b) -> op(a) . op(b) by chain; attributes TransposeLeft, TransposeRight.</summary>
    Product = 1,

    /// <summary>(a, b) -> a + b, elementwise.</summary>
    Add = 2,

    /// <summary>(a, b) -> a * b, elementwise.</summary>
    Multiply = 3,

    /// <summary>(a) -> a * Factor.</summary>
    Scale = 4,

    /// <summary>(a, row) -> a + row, the row added to every row.</summary>
    AddRow = 5,

    /// <summary>(a) -> 1 x columns: per column the rows summed by chain, as if multiplied by one.</summary>
    ColumnSum = 6,

    /// <summary>(a) -> rows x 1: sum of squares of each row by lanes.</summary>
    RowSumSquares = 7,

    /// <summary>(a, b) -> rows x groups: dot product of each group of GroupColumns columns, by chain.</summary>
    RowDot = 8,

    /// <summary>(x) -> max(x, 0).</summary>
    Relu = 20,

    /// <summary>(x, dy) -> dy where x > 0, else 0.</summary>
    ReluGrad = 21,

    /// <summary>(x) -> tanh-form GELU.</summary>
    Gelu = 22,

    /// <summary>(x, dy) -> gradient of GELU.</summary>
    GeluGrad = 23,

    /// <summary>(gate, up) -> silu(gate) * up.</summary>
    SwiGlu = 24,

    /// <summary>(gate, up, dy) -> gradient by gate.</summary>
    SwiGluGradGate = 25,

    /// <summary>(gate, dy) -> gradient by up.</summary>
    SwiGluGradUp = 26,

    /// <summary>(x, gain) -> x * rsqrt(mean(x^2) + Epsilon) * gain.</summary>
    RmsNorm = 40,

    /// <summary>(x, gain, dy) -> gradient by x.</summary>
    RmsNormGradInput = 41,

    /// <summary>(x, dy) -> x * rsqrt(mean(x^2) + Epsilon) * dy: gradient by gain before the column sum.</summary>
    RmsNormGradGain = 42,

    /// <summary>(x, gain, bias) -> (x - mean) * rsqrt(variance + Epsilon) * gain + bias.</summary>
    LayerNorm = 43,

    /// <summary>(x, gain, dy) -> gradient by x.</summary>
    LayerNormGradInput = 44,

    /// <summary>(x, dy) -> normalised x * dy: gradient by gain before the column sum.</summary>
    LayerNormGradGain = 45,

    /// <summary>(x) -> softmax of each row.</summary>
    Softmax = 46,

    /// <summary>(y, dy) -> gradient of a softmax whose result was y.</summary>
    SoftmaxGrad = 47,

    /// <summary>(ids, table) -> table rows by id; ids are fp32 integers below 2^24.</summary>
    Embedding = 60,

    /// <summary>(ids, dy) -> Rows x columns: dy rows added at their id, ascending positions by chain.</summary>
    EmbeddingGrad = 61,

    /// <summary>
    /// (x, positions) -> rotary embedding of each head (Heads, HeadSize, Base); Inverse rotates back. Frequencies are
    /// scaled by Factor, RampStart, RampEnd and Context unless Factor is 0.
    /// </summary>
    Rope = 62,

    /// <summary>
    /// (q, k, v, positions) -> causal attention, grouped queries. Rows form sequences of QueryRows (q) and KeyRows
    /// (k, v); a query at position p attends keys 0..p of its sequence, in blocks of 256 by absolute position.
    /// </summary>
    Attention = 80,

    /// <summary>(q, k, positions) -> rows x Heads: log of the sum of exponentials of the scaled scores.</summary>
    AttentionLogSum = 81,

    /// <summary>(q, k, v, positions, dy, logsum, rowdot(dy, y)) -> gradient by q.</summary>
    AttentionGradQuery = 82,

    /// <summary>(q, k, v, positions, dy, logsum, rowdot(dy, y)) -> gradient by k; needs KeyRows = QueryRows.</summary>
    AttentionGradKey = 83,

    /// <summary>(q, k, positions, dy, logsum) -> gradient by v; needs KeyRows = QueryRows.</summary>
    AttentionGradValue = 84,

    /// <summary>(cache, rows, positions) -> cache with each row written at its sequence and position. In place.</summary>
    CacheWrite = 85,

    /// <summary>
    /// (x, w) -> convolution, by chain over the window's taps and channels. Rows are the pixels of images of Height lines of
    /// Width, columns channels; w has a row per filter: [tap line, tap column, channel]. Taps outside the image are +0.
    /// Attributes KernelHeight, KernelWidth, Stride, Padding.
    /// </summary>
    Convolution = 90,

    /// <summary>(dy, w) -> gradient by x, whose images are Height by Width.</summary>
    ConvolutionGradInput = 91,

    /// <summary>(x, dy) -> gradient by w.</summary>
    ConvolutionGradWeight = 92,

    /// <summary>(logits, targets) -> rows x 1: cross-entropy in nats; target -1 gives 0.</summary>
    CrossEntropy = 100,

    /// <summary>(logits, targets) -> (softmax - onehot) * Factor; a row whose target is -1 is 0.</summary>
    CrossEntropyGrad = 101,

    /// <summary>(m, g) -> Decay * m + (1 - Decay) * g.</summary>
    AdamFirstMoment = 120,

    /// <summary>(v, g) -> Decay * v + (1 - Decay) * g * g.</summary>
    AdamSecondMoment = 121,

    /// <summary>
    /// (w, m, v, schedule) -> decoupled-decay Adam step; schedule is 1 x 4: rate, 1/(1-beta1^t), 1/(1-beta2^t), step.
    /// </summary>
    AdamUpdate = 122,

    /// <summary>(g, squaredNorm) -> g * min(1, Limit / sqrt(squaredNorm)); squaredNorm is 1 x 1.</summary>
    ClipByNorm = 123,

    /// <summary>(base, w0, w1, ...) -> mean of (base - wi), summed in 64-bit fixed point of scale 2^30, checked.</summary>
    MeanDelta = 140,

    /// <summary>(velocity, delta) -> Decay * velocity + delta.</summary>
    OuterVelocity = 141,

    /// <summary>(base, velocity, delta) -> base - Rate * (delta + Decay * velocity): Nesterov.</summary>
    OuterUpdate = 142,
}
