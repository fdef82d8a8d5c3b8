namespace Starling.Compute.Generation;

/// <summary>A token and the natural logarithm of its probability under the unchanged distribution.</summary>
public readonly record struct TokenLogprob(int Token, float Logprob);
