namespace Starling.Compute.Models;

/// <summary>Normalisation before attention and feed-forward.</summary>
public enum NormKind
{
    Rms = 0,
    Layer = 1,
}

/// <summary>How a decoder knows positions.</summary>
public enum PositionKind
{
    Rotary = 0,
    Learned = 1,
}

/// <summary>The feed-forward part of a layer.</summary>
public enum FeedForwardKind
{
    SwiGlu = 0,
    Gelu = 1,
}
