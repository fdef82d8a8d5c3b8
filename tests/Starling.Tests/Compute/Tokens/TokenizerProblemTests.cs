using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Starling.Compute.Models;
using Starling.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

public class TokenizerProblemTests
{
    [Theory]
    [InlineData("model.type", "\"Unigram\"", TokenizerProblemCode.Unsupported)]
    [InlineData("model.dropout", "0.1", TokenizerProblemCode.Unsupported)]
    [InlineData("model.continuing_subword_prefix", "\"##\"", TokenizerProblemCode.Unsupported)]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", TokenizerProblemCode.Unsupported)]
    [InlineData("model.vocab", "[]", TokenizerProblemCode.Malformed)]
    [InlineData("model.vocab", "{}", TokenizerProblemCode.Malformed)]
    [InlineData("model.vocab", "{\"a\":\"b\"}", TokenizerProblemCode.Malformed)]
    [InlineData("model.vocab", "{\"a\":99999999}", TokenizerProblemCode.Malformed)]
    [InlineData("model.vocab", "{\"a\":-1}", TokenizerProblemCode.Malformed)]
    [InlineData("model.vocab", "{\"a\":1,\"b\":1}", TokenizerProblemCode.Inconsistent)]
    [InlineData("model.vocab", "{\"a\":1}", TokenizerProblemCode.Inconsistent)]
    [InlineData("model.merges", "[\"a\"]", TokenizerProblemCode.Malformed)]
    [InlineData("model.merges", "[3]", TokenizerProblemCode.Malformed)]
    [InlineData("model.merges", "[\"q q\"]", TokenizerProblemCode.Inconsistent)]
    [InlineData("model.merges", "[\"\\ud800 a\"]", TokenizerProblemCode.Malformed)]
    [InlineData("normalizer", "{\"type\":\"Lowercase\"}", TokenizerProblemCode.Unsupported)]
    [InlineData("pre_tokenizer", "{\"type\":\"Whitespace\"}", TokenizerProblemCode.Unsupported)]
    [InlineData("pre_tokenizer", "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}", TokenizerProblemCode.Unsupported)]
    [InlineData("pre_tokenizer", "{\"type\":\"Sequence\",\"pretokenizers\":[]}", TokenizerProblemCode.Unsupported)]
    [InlineData("pre_tokenizer", "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a+)+\"},\"behavior\":\"Isolated\"},{\"type\":\"ByteLevel\"}]}", TokenizerProblemCode.Unsupported)]
    [InlineData("pre_tokenizer", "{\"type\":\"Metaspace\"}", TokenizerProblemCode.Unsupported)]
    [InlineData("post_processor", "{\"type\":\"BertProcessing\"}", TokenizerProblemCode.Unsupported)]
    [InlineData("added_tokens", "[{\"id\":7,\"content\":\"<x>\",\"special\":true}]", TokenizerProblemCode.Inconsistent)]
    [InlineData("added_tokens", "[{\"id\":300,\"content\":\"\"}]", TokenizerProblemCode.Malformed)]
    [InlineData("added_tokens", "[{\"id\":300,\"content\":\"<x>\",\"single_word\":true}]", TokenizerProblemCode.Unsupported)]
    [InlineData("added_tokens", "[{\"id\":1000,\"content\":\"<x>\"}]", TokenizerProblemCode.VocabularyMismatch)]
    public void EachIsNamed(string place, string value, TokenizerProblemCode code)
    {
        TestTokenizer files = new([]);
        string[] path = place.Split('.');
        JsonNode parent = path.Length == 1 ? files.Json : files.Json[path[0]]!;
        parent[path[^1]] = null;
        string text = files.Json.ToJsonString();
        int at = text.IndexOf($"\"{path[^1]}\":null", StringComparison.Ordinal) + path[^1].Length + 3;
        MemoryFolder folder = new([new ModelFile("tokenizer.json", Encoding.UTF8.GetBytes(text[..at] + value + text[(at + 4)..]))]);
        Assert.Null(TokenizerFiles.Load(folder, "llama", 1000, out TokenizerProblem? problem));
        Assert.Equal(code, problem!.Code);
        Assert.False(string.IsNullOrWhiteSpace(problem.Message));
    }

    [Theory]
    [InlineData("config.json", """{"eos_token_id":1000}""", TokenizerProblemCode.VocabularyMismatch)]
    [InlineData("config.json", """{"eos_token_id":[-1]}""", TokenizerProblemCode.Malformed)]
    [InlineData("config.json", """{"bos_token_id":"x"}""", TokenizerProblemCode.Malformed)]
    [InlineData("tokenizer_config.json", """{"bos_token":"<nowhere>"}""", TokenizerProblemCode.Inconsistent)]
    [InlineData("tokenizer_config.json", "{", TokenizerProblemCode.Malformed)]
    public void OtherFilesAreCheckedToo(string file, string content, TokenizerProblemCode code)
    {
        TestTokenizer files = new([]);
        files.Others[file] = content;
        Assert.Null(files.TryLoad(out TokenizerProblem? problem));
        Assert.Equal(code, problem!.Code);
    }

    [Fact]
    public void AnEmptyFolderHasNoTokenizer()
    {
        Assert.Null(TokenizerFiles.Load(new MemoryFolder([]), "gpt2", 10, out TokenizerProblem? problem));
        Assert.Equal(TokenizerProblemCode.Missing, problem!.Code);
    }

    [Fact]
    public void DamagedFilesAreRefusedOrHarmless()
    {
        byte[] whole = Encoding.UTF8.GetBytes(TokenizerJsonTests.Templated().Json.ToJsonString());
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. whole];
            damaged[at] = value;
            TokenizerFiles.Load(new MemoryFolder([new ModelFile("tokenizer.json", damaged)]), "llama", 1000, out _)
                ?.Encode(" the <end> 12", EncodeMode.Whole);
        }, iter: 200);
    }
}
