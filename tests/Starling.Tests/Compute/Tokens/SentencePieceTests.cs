using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Starling.Compute.Models;
using Starling.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

/// <summary>Llama 2's kind of tokenizer, as tokenizer.json and as SentencePiece's own file.</summary>
public class SentencePieceTests
{
    private static readonly string[] Pieces = ["\u2581", "h", "e", "l", "o", "\u2581h", "el", "lo", "\u2581hel", "\u2581hello", "\u00E9"];

    [Fact]
    public void BothFilesGiveTheSameTokens()
    {
        ITokenizer json = Load(Json()), model = Load(Model());
        foreach (string text in (string[])["hello", " hello", "hell\u00E9", "a", "\u20AC hello\n", "hello hello"])
        {
            Assert.Equal(json.Encode(text, EncodeMode.Plain), model.Encode(text, EncodeMode.Plain));
            Assert.Equal(text, json.Decode(json.Encode(text, EncodeMode.Whole)));
            Assert.Equal(text, model.Decode(model.Encode(text, EncodeMode.Whole)));
        }

        Assert.Equal([Id("\u2581hello")], json.Encode("hello", EncodeMode.Plain));
        Assert.Equal([Id("\u2581"), 3 + 'a'], json.Encode("a", EncodeMode.Plain));
        Assert.Equal([1, Id("\u2581"), Id("\u2581hello")], json.Encode(" hello", EncodeMode.Whole));
        Assert.Equal([1, Id("\u2581"), Id("\u2581hello")], model.Encode(" hello", EncodeMode.Whole));
        Assert.Equal([2], json.EndTokens);
    }

    [Fact]
    public void ASecondPieceKeepsItsSpace()
    {
        ITokenizer tokenizer = Load(Json());
        Starling.Compute.Generation.ITokenText text = tokenizer.ContinueText();
        Assert.Equal(" hello"u8.ToArray(), text.Append(Id("\u2581hello")).ToArray());
        Assert.Equal([0xE2], text.Append(3 + 0xE2).ToArray());
        Assert.Equal([], text.Append(2).ToArray());
    }

    [Theory]
    [InlineData("first", "hello<s>hello", new[] { 9, -1, 1, 6, 7 })]
    [InlineData("always", "hello<s>hello", new[] { 9, -1, 9 })]
    public void MetaspaceDecidesWhereSpacesGo(string scheme, string text, int[] expected)
    {
        JsonObject json = JsonNode.Parse(Json()[0].Content)!.AsObject();
        json["normalizer"] = null;
        json["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = scheme, ["split"] = false };
        int[] tokens = Load([new ModelFile("tokenizer.json", Encoding.UTF8.GetBytes(json.ToJsonString()))]).Encode(text, EncodeMode.Fragment);
        Assert.Equal(expected, tokens.Select(token => token == 1 ? -1 : token - 259));
    }

    [Fact]
    public void DamagedModelsAreRefusedOrHarmless()
    {
        byte[] whole = Model()[0].Content;
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. whole];
            damaged[at] = value;
            TokenizerFiles.Load(new MemoryFolder([new ModelFile("tokenizer.model", damaged)]), "llama", 1000, out _)
                ?.Encode("hello \u20AC", EncodeMode.Whole);
            TokenizerFiles.Load(new MemoryFolder([new ModelFile("tokenizer.model", whole[..at])]), "llama", 1000, out _)
                ?.Encode("hello \u20AC", EncodeMode.Whole);
        }, iter: 400);
    }

    [Theory]
    [InlineData(2, new byte[] { 0x18, 1 }, "trainer_spec.model_type")]
    [InlineData(3, new byte[] { 0x12, 1, 7 }, "normalizer_spec.precompiled_charsmap")]
    [InlineData(3, new byte[] { 0x20, 1 }, "normalizer_spec.remove_extra_whitespaces")]
    public void WhatIsNotComputedIsNamed(int field, byte[] settings, string named)
    {
        byte[] content = [.. Model()[0].Content, .. Field(field, settings)];
        Assert.Null(TokenizerFiles.Load(new MemoryFolder([new ModelFile("tokenizer.model", content)]), "llama", 1000, out TokenizerProblem? problem));
        Assert.Equal((TokenizerProblemCode.Unsupported, $"tokenizer.model: {named}"), (problem!.Code, problem.Field));
    }

    private static int Id(string piece) => 259 + Array.IndexOf(Pieces, piece);

    private static IEnumerable<string> Vocabulary() =>
        ((string[])["<unk>", "<s>", "</s>"]).Concat(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")).Concat(Pieces);

    private static ITokenizer Load(ModelFile[] files)
    {
        ITokenizer? tokenizer = TokenizerFiles.Load(
            new MemoryFolder([.. files, new ModelFile("config.json", """{"bos_token_id":1,"eos_token_id":2}"""u8.ToArray())]),
            "llama", 270, out TokenizerProblem? problem);
        Assert.True(tokenizer is not null, $"{problem?.Field}: {problem?.Message}");
        return tokenizer;
    }

    private static ModelFile[] Json()
    {
        JsonObject vocabulary = new(Vocabulary().Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)));
        JsonNode json = JsonNode.Parse("""
            {"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true},{"id":2,"content":"</s>","special":true}],
            "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"\u2581"},
              {"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]},
            "pre_tokenizer":null,
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}],
              "special_tokens":{"<s>":{"ids":[1]}}},
            "model":{"type":"BPE","unk_token":"<unk>","byte_fallback":true,"merges":["\u2581 h","e l","l o","\u2581h el","\u2581hel lo"]}}
            """)!;
        json["model"]!["vocab"] = vocabulary;
        return [new ModelFile("tokenizer.json", Encoding.UTF8.GetBytes(json.ToJsonString()))];
    }

    /// <summary>Written by the format's public definition: pieces with text, score and kind; settings.</summary>
    private static ModelFile[] Model()
    {
        string[] pieces = [.. Vocabulary()];
        List<byte> message = [];
        for (int id = 0; id < pieces.Length; id++)
        {
            int kind = id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1;
            byte[] score = BitConverter.GetBytes(id < 264 ? 0f : -(id - 264));
            byte[] text = Encoding.UTF8.GetBytes(pieces[id]);
            message.AddRange(Field(1, [0x0A, (byte)text.Length, .. text, 0x15, .. score, 0x18, (byte)kind]));
        }

        message.AddRange(Field(2, [0x18, 2, 0x98, 0x02, 1]));
        message.AddRange(Field(3, [0x18, 1, 0x20, 0]));
        return [new ModelFile("tokenizer.model", [.. message])];
    }

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
}
