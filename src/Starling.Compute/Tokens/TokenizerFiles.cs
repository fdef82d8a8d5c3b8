using System.Text.Json;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Tokens;

/// <summary>
/// Loads the tokenizer of a model's folder: <c>tokenizer.json</c>, else <c>tokenizer.model</c>, else <c>vocab.json</c>
/// with <c>merges.txt</c>. The tokens that begin and end a text come from generation_config.json, config.json or
/// tokenizer_config.json, the first that names them.
/// </summary>
public static class TokenizerFiles
{
    private const int MostBytes = 1 << 27;
    private const string Settings = "tokenizer_config.json";

    /// <summary>The tokenizer, or what is wrong with which file.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="modelType">Decides how words are cut where no file says it.</param>
    /// <param name="vocabularySize">Rows of the model's embedding; every token lies below.</param>
    public static ITokenizer? Load(IModelFolder folder, string modelType, int vocabularySize, out TokenizerProblem? problem)
    {
        try
        {
            problem = null;
            return Load(folder, modelType, vocabularySize);
        }
        catch (TokenizerException error)
        {
            problem = error.Problem;
            return null;
        }
    }

    private static PairTokenizer Load(IModelFolder folder, string modelType, int vocabularySize)
    {
        TokenizerField settings = Json(folder, Settings), generation = Json(folder, "generation_config.json");
        TokenizerField config = Json(folder, "config.json");
        TokenizerParts parts = ReadParts(folder, modelType, settings);
        PairTokenizer tokenizer = new(parts.Vocabulary, parts.Added, parts.Pieces)
        {
            BeginToken = SpecialTokens.Begin(parts.Vocabulary, settings, generation, config),
            EndTokens = SpecialTokens.End(parts.Vocabulary, settings, generation, config),
            Before = parts.Before,
            After = parts.After,
            DropsFirstSpace = parts.DropsFirstSpace,
        };
        Check("vocabulary", [tokenizer.VocabularySize - 1], vocabularySize);
        Check("bos_token_id", tokenizer.BeginToken is { } begin ? [begin] : [], vocabularySize);
        Check("eos_token_id", tokenizer.EndTokens, vocabularySize);
        Check("post_processor", [.. tokenizer.Before, .. tokenizer.After], vocabularySize);
        return tokenizer;
    }

    private static TokenizerParts ReadParts(IModelFolder folder, string modelType, TokenizerField settings)
    {
        if (Json(folder, "tokenizer.json") is { Exists: true } json)
            return TokenizerJson.Read(json);
        if (Bytes(folder, "tokenizer.model") is { } model)
            return SentencePieceModel.Read(model);
        if (Json(folder, "vocab.json") is { Exists: true } vocabulary && Bytes(folder, "merges.txt") is { } merges)
            return VocabularyFiles.Read(modelType, vocabulary, merges, settings);
        throw new TokenizerException(
            TokenizerProblemCode.Missing, "tokenizer.json", "is missing, and so are tokenizer.model, and vocab.json with merges.txt");
    }

    private static void Check(string field, IReadOnlyList<int> tokens, int vocabularySize)
    {
        foreach (int token in tokens)
            if (token >= vocabularySize)
                throw new TokenizerException(
                    TokenizerProblemCode.VocabularyMismatch, field,
                    $"reaches token {token}; the model's vocab_size is {vocabularySize}");
    }

    private static TokenizerField Json(IModelFolder folder, string name)
    {
        if (Bytes(folder, name) is not { } bytes)
            return new TokenizerField(name, null);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return new TokenizerField(name, document.RootElement.Clone());
        }
        catch (JsonException)
        {
            throw TokenizerException.Malformed(name, "is not JSON");
        }
    }

    private static byte[]? Bytes(IModelFolder folder, string name) => folder.Open(name) is not { } source ? null
        : source.ReadAll(MostBytes) ?? throw TokenizerException.Malformed(name, $"is larger than {MostBytes} bytes");
}
