namespace Starling.Compute.Generation;

/// <summary>Why a generation ended.</summary>
public enum GenerationStop
{
    MaxNewTokens = 1,

    /// <summary>The sequence fills the cache.</summary>
    ContextFull = 2,

    /// <summary>The model's logits are not finite.</summary>
    NotFinite = 3,

    Cancelled = 4,

    /// <summary>The last token is one of the stop tokens.</summary>
    StopToken = 5,

    /// <summary>The text met a stop text.</summary>
    StopText = 6,

    /// <summary>The constraint allows no token.</summary>
    NoTokenAllowed = 7,
}
