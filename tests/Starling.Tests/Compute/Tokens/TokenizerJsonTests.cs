using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Starling.Compute.Models;
using Starling.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

public class TokenizerJsonTests
{
    private const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly (string, string)[] Merges = [("\u0120", "t"), ("h", "e"), ("\u0120t", "he"), ("1", "2")];

    [Fact]
    public void WordsAreCutBeforeTheyMerge()
    {
        ITokenizer tokenizer = new TestTokenizer(Merges, Qwen2).Load();
        Assert.Equal([256 + 2, '1', '2', 'h'], tokenizer.Encode(" the12h", EncodeMode.Plain));
        ITokenizer uncut = new TestTokenizer(Merges).Load();
        Assert.Equal([256 + 2, 256 + 3, 'h'], uncut.Encode(" the12h", EncodeMode.Plain));
    }

    [Fact]
    public void SpecialTokensAreReadOnlyWhereTheyMayBe()
    {
        ITokenizer tokenizer = Templated().Load();
        Assert.Equal([260, 'a', 261, 'b'], tokenizer.Encode("a<end>b", EncodeMode.Whole));
        Assert.Equal(['a', 261, 'b'], tokenizer.Encode("a<end>b", EncodeMode.Fragment));
        Assert.Equal("a<end>b"u8.ToArray().Select(b => (int)b), tokenizer.Encode("a<end>b", EncodeMode.Plain));
        Assert.Equal([262, 'x'], tokenizer.Encode("<tool> \n x", EncodeMode.Plain));
        Assert.Equal("ab<tool>", tokenizer.Decode([260, 'a', 261, 'b', 262]));
        Assert.Equal(260, tokenizer.BeginToken);
        Assert.Equal([261, 3], tokenizer.EndTokens);
    }

    [Fact]
    public void TextComesBackFromItsTokens()
    {
        ITokenizer tokenizer = new TestTokenizer(Merges, Qwen2).Load();
        Gen.String.Where(text => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar)).Sample(
            text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, EncodeMode.Plain))), iter: 300);
        Assert.Equal("\uFFFDa", tokenizer.Decode(tokenizer.Encode("\uD83Da", EncodeMode.Plain)));
    }

    [Fact]
    public void APartOfACharacterIsItsBytes()
    {
        ITokenizer tokenizer = new TestTokenizer(Merges).Load();
        int[] tokens = tokenizer.Encode("\u20AC", EncodeMode.Plain);
        Assert.Equal(3, tokens.Length);
        Starling.Compute.Generation.AnswerText shown = new([]);
        Starling.Compute.Generation.ITokenText text = tokenizer.ContinueText();
        Assert.Equal(0, shown.Take(text.Append(tokens[0])).Length);
        Assert.Equal(0, shown.Take(text.Append(tokens[1])).Length);
        Assert.Equal("\u20AC"u8.ToArray(), shown.Take(text.Append(tokens[2])).ToArray());
    }

    [Fact]
    public void WholeWordsComeFirstWhereTheFileSaysSo()
    {
        TestTokenizer files = new([("a", "b"), ("c", "d"), ("b", "cd")]);
        files.Json["model"]!["vocab"]!.AsObject()["abcd"] = 300;
        Assert.Equal([256, 257], files.Load().Encode("abcd", EncodeMode.Plain));
        files.Json["model"]!["ignore_merges"] = true;
        Assert.Equal([300], files.Load().Encode("abcd", EncodeMode.Plain));
    }

    [Fact]
    public void ComposedFormIsTakenWhereTheFileSaysSo()
    {
        TestTokenizer files = new([]);
        files.Json["normalizer"] = new JsonObject { ["type"] = "NFC" };
        Assert.Equal([0xC3, 0xA9], files.Load().Encode("e\u0301", EncodeMode.Plain));
    }

    [Fact]
    public void MergesMayBeLists()
    {
        TestTokenizer files = new(Merges);
        files.Json["model"]!["merges"] = new JsonArray([.. Merges.Select(m => (JsonNode)new JsonArray(m.Item1, m.Item2))]);
        Assert.Equal([258], files.Load().Encode(" the", EncodeMode.Plain));
    }

    [Fact]
    public void VocabularyAndMergesAreReadByTheKindOfModel()
    {
        Dictionary<string, int> vocabulary = TestTokenizer.VocabularyOf(Merges);
        vocabulary.Add("<|endoftext|>", vocabulary.Count);
        string json = new JsonObject(vocabulary.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString();
        string merges = "#version: 0.2\n" + string.Join('\n', Merges.Select(m => $"{m.Item1} {m.Item2}")) + "\n";
        MemoryFolder folder = new([File("vocab.json", json), File("merges.txt", merges), File("config.json", """{"eos_token_id":260}""")]);
        ITokenizer gpt2 = TokenizerFiles.Load(folder, "gpt2", 261, out _)!;
        Assert.Equal([258, 256 + 3, 260], gpt2.Encode(" the12<|endoftext|>", EncodeMode.Whole));
        Assert.Equal([260], gpt2.EndTokens);
        Assert.Equal([258, '1', '2'], TokenizerFiles.Load(folder, "qwen2", 261, out _)!.Encode(" the12", EncodeMode.Plain));
        Assert.Null(TokenizerFiles.Load(folder, "llama", 261, out TokenizerProblem? problem));
        Assert.Equal(TokenizerProblemCode.Unsupported, problem!.Code);
    }

    [Fact]
    public void TheExportedByteTokenizerIsTheByteTokenizer()
    {
        DecoderConfig config = Models.TinyModels.Llama(vocabulary: 256);
        using Starling.Compute.Tensors.TensorMemory memory = new(config.CreateLayout());
        MemoryFolder folder = new(HuggingFaceFolder.Write(config, memory, byteTokens: true));
        ITokenizer tokenizer = TokenizerFiles.Load(folder, "llama", 256, out _)!;
        const string text = "a \u00E9\n\0 \U0001F600";
        Assert.Equal(ByteTokenizer.Instance.Encode(text, EncodeMode.Plain), tokenizer.Encode(text, EncodeMode.Whole));
        for (int token = 0; token < 256; token++)
            Assert.Equal([(byte)token], tokenizer.BytesOf(token).ToArray());
    }

    internal static TestTokenizer Templated()
    {
        TestTokenizer files = new TestTokenizer(Merges, Qwen2)
            .Adding("<begin>", 260).Adding("<end>", 261).Adding("<tool>", 262, special: false, stripsRight: true);
        files.Json["post_processor"] = JsonNode.Parse("""
            {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing",
            "single":[{"SpecialToken":{"id":"<begin>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
            "special_tokens":{"<begin>":{"id":"<begin>","ids":[260],"tokens":["<begin>"]}}}]}
            """);
        files.Others["tokenizer_config.json"] = """{"bos_token":{"content":"<begin>"},"eos_token":"<end>"}""";
        files.Others["generation_config.json"] = """{"eos_token_id":[261,3]}""";
        return files;
    }

    private static ModelFile File(string name, string content) => new(name, Encoding.UTF8.GetBytes(content));
}
