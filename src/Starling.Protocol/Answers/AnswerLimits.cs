namespace Starling.Protocol.Answers;

/// <summary>Size limits of answers. Part of the schema: changing one is a new version.</summary>
public static class AnswerLimits
{
    /// <summary>Tokens of prompt and answer together: one claim of a dispute each.</summary>
    public const int Tokens = 16_383;

    public const int Vocabulary = 1 << 24;

    /// <summary>Tokens of one chunk of a stream.</summary>
    public const int ChunkTokens = 256;

    public const int Chunks = 16_383;

    /// <summary>Answers of one interval: one claim of a dispute each.</summary>
    public const int PerInterval = 16_384;

    public const int Biases = 1_024;

    public const int StopTokens = 64;

    public const int StopTexts = 16;

    /// <summary>Characters of a text that ends an answer.</summary>
    public const int StopText = 256;

    /// <summary>Characters of a grammar.</summary>
    public const int Grammar = 1 << 18;

    /// <summary>Hashes from a leaf to the root of its tree.</summary>
    public const int Path = 16;
}
