using System.Text;
using System.Text.Json.Nodes;
using Starling.Compute.Models;
using Starling.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

/// <summary>Small byte-level tokenizers as files: all bytes, then what the merges make.</summary>
internal sealed class TestTokenizer
{
    public TestTokenizer(IReadOnlyList<(string Left, string Right)> merges, string split = "")
        : this(VocabularyOf(merges), merges, split)
    {
    }

    public TestTokenizer(
        Dictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, string split)
    {
        JsonObject bytes = new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false };
        JsonObject cut = new()
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { ["Regex"] = split },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        };
        Json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = split.Length == 0 ? bytes
                : new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(cut, bytes) },
            ["post_processor"] = new JsonObject { ["type"] = "ByteLevel" },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = null,
                ["vocab"] = new JsonObject(vocabulary.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
            },
        };
    }

    /// <summary>The content of tokenizer.json, to be changed.</summary>
    public JsonObject Json { get; }

    /// <summary>Other files of the folder.</summary>
    public Dictionary<string, string> Others { get; } = [];

    public string ModelType { get; init; } = "llama";

    public int VocabularySize { get; init; } = 1000;

    public static Dictionary<string, int> VocabularyOf(IEnumerable<(string Left, string Right)> merges)
    {
        Dictionary<string, int> vocabulary = [];
        for (int value = 0; value < 256; value++)
            vocabulary.Add(ByteCharacters.Of((byte)value).ToString(), value);
        foreach ((string left, string right) in merges)
            vocabulary.TryAdd(left + right, vocabulary.Count);
        return vocabulary;
    }

    public TestTokenizer Adding(string text, int id, bool special = true, bool stripsRight = false)
    {
        Json["added_tokens"]!.AsArray().Add(new JsonObject
        {
            ["id"] = id,
            ["content"] = text,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = stripsRight,
            ["normalized"] = false,
            ["special"] = special,
        });
        return this;
    }

    public ITokenizer Load()
    {
        ITokenizer? tokenizer = TryLoad(out TokenizerProblem? problem);
        Assert.True(tokenizer is not null, $"{problem?.Field}: {problem?.Message}");
        return tokenizer;
    }

    public ITokenizer? TryLoad(out TokenizerProblem? problem) => TokenizerFiles.Load(
        new MemoryFolder([
            new ModelFile("tokenizer.json", Encoding.UTF8.GetBytes(Json.ToJsonString())),
            .. Others.Select(file => new ModelFile(file.Key, Encoding.UTF8.GetBytes(file.Value)))]),
        ModelType, VocabularySize, out problem);
}
