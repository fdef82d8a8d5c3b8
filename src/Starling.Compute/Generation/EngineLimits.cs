namespace Starling.Compute.Generation;

/// <summary>What an engine holds at most.</summary>
public sealed record EngineLimits
{
    /// <summary>Sequences that run at the same time.</summary>
    public int Slots { get; init; } = 16;

    /// <summary>Tokens of a sequence, prompt and answer together.</summary>
    public required int Capacity { get; init; }

    /// <summary>Requests that wait for a slot.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>
    /// Tokens of prompts that one step runs before it decodes: the delay that a new request can cause to those running.
    /// </summary>
    public int PrefillTokens { get; init; } = CachedDecoder.UsualChunk;
}
