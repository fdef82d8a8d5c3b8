using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Starling.Compute.Generation;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Grammars;
using Starling.Programs.Inference.Requests;
using Starling.Tests.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Programs.Inference;

/// <summary>Whatever a model says under a schema is a value of that schema.</summary>
public sealed class AnswerGrammarTests(ITestOutputHelper output)
{
    private const int End = 300;

    // All bytes, and tokens that cross every border of JSON.
    private static readonly ITokenizer s_tokenizer = new TestTokenizer(
        [("{", "\""), ("\"", ":"), ("\"", ","), (",", "\""), ("}", "}"), ("]", "}"), ("t", "r"), ("tr", "ue"), ("u", "e"), ("n", "u"), ("l", "l"),
         ("nu", "ll"), ("1", "2"), ("12", "3"), ("\"p", "1"), ("\"", "p"), ("\\", "u"), ("0", ".")],
        "").Adding("</s>", End).Load();

    private static readonly TokenTrie s_trie = new(s_tokenizer, End + 1);

    [Fact]
    public async Task EveryAnswerIsAValueOfItsSchema()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        RandomSchemas schemas = new(random);
        int whole = 0;
        for (int i = 0; i < 60; i++)
        {
            JsonObject schema = schemas.Next();
            AnswerGrammar grammar = Compile(schema);
            JsonSchema validator = await JsonSchema.FromJsonAsync(Drafted(schema).ToJsonString(), TestContext.Current.CancellationToken);
            for (int j = 0; j < 4; j++)
            {
                string? answer = Say(grammar, random, random.Next(3) / 2f, out int tokens);
                if (answer is null)
                    continue;
                whole++;
                var errors = validator.Validate(answer);
                Assert.True(errors.Count == 0, $"seed {seed}, schema {i}: {string.Join("; ", errors)}\n{schema.ToJsonString()}\n{answer}");
                Assert.True(tokens > 0);
            }
        }

        Assert.True(whole > 150, $"only {whole} answers ended");
    }

    [Theory]
    [InlineData("""{"type":"integer","minimum":-3,"maximum":12}""", "-3 -1 0 5 9 10 12", "-4 13 -0 05 1.0 99 -")]
    [InlineData("""{"type":"integer","minimum":95,"maximum":1203}""", "95 99 100 999 1000 1199 1203", "94 9 1204 2000 0 -95 10000")]
    [InlineData("""{"type":"number","minimum":0,"maximum":1}""", "0 1 0.5 0.000001", "-0.5 1.5 2 1.0 0. 1e3")]
    [InlineData("""{"type":"number"}""", "0 -0.5 12.25 1e5 -3E-7 -1", "01 1. .5 +1 1e -")]
    [InlineData("""{"enum":["a","ab",1]}""", "\"a\" \"ab\" 1", "\"b\" \"abc\" 2")]
    [InlineData("""{"type":"string","minLength":1,"maxLength":2}""", "\"a\" \"ab\" \"\\n\" \"\\u00e9\" \"é\"", "\"\" \"abc\" \"\\ud800\" \"\\x\" a")]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2}""", "[true] [true,false]", "[] [true,] [true,true,true] [1]")]
    [InlineData("""{"type":"array","prefixItems":[{"const":1},{"const":2}],"items":false}""", "[] [1] [1,2]", "[2] [1,2,3]")]
    [InlineData("""{"type":"array","items":{"type":"null"}}""", "[] [null] [null,null,null]", "[,] [null")]
    [InlineData("""{"type":"object","properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},"required":["b"]}""",
        "{\"b\":2} {\"a\":1,\"b\":2} {\"b\":2,\"c\":3} {\"a\":1,\"b\":2,\"c\":3}", "{} {\"a\":1} {\"b\":2,\"a\":1} {,\"b\":2} {\"b\":2,} {\"d\":1}")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", "{} {\"x\":1} {\"x\":1,\"y\":2}", "{\"x\":true} {x:1}")]
    [InlineData("""{"$ref":"#/$defs/l","$defs":{"l":{"anyOf":[{"const":0},{"type":"array","items":{"$ref":"#/$defs/l"}}]}}}""", "0 [] [0,[0]] [[[[0]]]]", "1 [1]")]
    [InlineData("true", "1 \"x\" {\"a\":[{}]} null", "nul }")]
    public void AGrammarTakesExactlyItsTexts(string schema, string good, string bad)
    {
        AnswerGrammar grammar = Compile(JsonNode.Parse(schema)!);
        Assert.All(good.Split(' '), text => Assert.True(Takes(grammar, text), text));
        Assert.All(bad.Split(' '), text => Assert.False(Takes(grammar, text), text));
    }

    [Fact]
    public void AnObjectModeAnswerIsAnObject()
    {
        Assert.True(Takes(AnswerGrammar.AnyObject, "{ \"a\" : [1, {\"b\": null}],\n  \"c\": \"é\"}"));
        Assert.All(["[]", "1", "{\"a\"}", "{}}", "{\"a\":1,}", "{   }", "{}\n"], text => Assert.False(Takes(AnswerGrammar.AnyObject, text), text));
        Assert.False(Takes(AnswerGrammar.AnyObject, string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200)));
        Assert.True(Takes(AnswerGrammar.AnyObject, string.Concat(Enumerable.Repeat("{\"a\":", 20)) + "1" + new string('}', 20)));
    }

    [Theory]
    [InlineData("""{"type":"string","pattern":"a+"}""", GrammarProblemCode.Unsupported, "/pattern")]
    [InlineData("""{"oneOf":[{"type":"string"}]}""", GrammarProblemCode.Unsupported, "/oneOf")]
    [InlineData("""{"type":"array","uniqueItems":true}""", GrammarProblemCode.Unsupported, "/uniqueItems")]
    [InlineData("""{"type":"object","properties":{"a":{"not":{}}}}""", GrammarProblemCode.Unsupported, "/properties/a/not")]
    [InlineData("""{"type":"integer","minLength":1}""", GrammarProblemCode.Unsupported, "/minLength")]
    [InlineData("""{"type":"number","multipleOf":2}""", GrammarProblemCode.Unsupported, "/multipleOf")]
    [InlineData("""{"$ref":"https://example.com/x"}""", GrammarProblemCode.Unsupported, "/$ref")]
    [InlineData("""{"$ref":"#"}""", GrammarProblemCode.Empty, "#/$ref")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"type":"null"}]}""", GrammarProblemCode.Empty, "#/anyOf/0/$ref")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", GrammarProblemCode.Empty, "")]
    [InlineData("""{"type":"integer","minimum":2,"maximum":1}""", GrammarProblemCode.Empty, "")]
    [InlineData("""{"type":"strin"}""", GrammarProblemCode.Malformed, "/type")]
    [InlineData("""{"type":"string","minLength":-1}""", GrammarProblemCode.Malformed, "/minLength")]
    [InlineData("""{"type":"string","maxLength":100000}""", GrammarProblemCode.Malformed, "/maxLength")]
    [InlineData("3", GrammarProblemCode.Malformed, "")]
    public void AnUnusableSchemaIsATypedErrorWithItsPlace(string schema, GrammarProblemCode code, string path)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        Assert.Null(AnswerGrammar.FromSchema(document.RootElement, out GrammarProblem? problem));
        Assert.Equal((code, path), (problem!.Code, problem.Path));
    }

    [Fact]
    public void SizeAndDepthAreBounded()
    {
        JsonObject deep = new() { ["type"] = "null" };
        for (int i = 0; i < 60; i++)
            deep = new JsonObject { ["type"] = "array", ["items"] = deep };
        Assert.Equal(GrammarProblemCode.TooLarge, Problem(deep).Code);
        JsonObject wide = new() { ["anyOf"] = new JsonArray([.. Enumerable.Range(0, 3000).Select(i => (JsonNode)new JsonObject { ["const"] = i })]) };
        Assert.Equal(GrammarProblemCode.TooLarge, Problem(wide).Code);
        JsonObject many = new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer" }, ["maxItems"] = 4096 };
        JsonObject product = new() { ["type"] = "array", ["items"] = many, ["prefixItems"] = new JsonArray([.. Enumerable.Range(0, 30).Select(_ => many.DeepClone())]) };
        Assert.Equal(GrammarProblemCode.TooLarge, Problem(product).Code);
    }

    [Fact]
    public void TheSameTokensLeaveTheSameChoices()
    {
        AnswerGrammar grammar = Compile(new RandomSchemas(new Random(5)).Next());
        Random random = new(7);
        ITokenConstraint one = grammar.Constrain(s_tokenizer, s_trie, [End]);
        List<int> tokens = [];
        for (int i = 0; i < 40; i++)
        {
            ulong[] allowed = Allowed(one);
            ITokenConstraint fresh = grammar.Constrain(s_tokenizer, s_trie, [End]);
            tokens.ForEach(fresh.Accept);
            Assert.Equal(allowed, Allowed(fresh));
            int token = Pick(allowed, random, 1);
            if (token is < 0 or End)
                break;
            tokens.Add(token);
            one.Accept(token);
        }
    }

    [Fact]
    public void AForcedCallNamesAFunctionAndItsArguments()
    {
        using JsonDocument schema = JsonDocument.Parse("""{"type":"object","properties":{"x":{"$ref":"#/$defs/i"}},"required":["x"],"$defs":{"i":{"type":"integer"}}}""");
        AnswerGrammar grammar = AnswerGrammar.ForCall([new ToolFunction("f", schema.RootElement), new ToolFunction("g", null)], out _, out _)!;
        Assert.True(Takes(grammar, "{\"name\": \"f\", \"arguments\": {\"x\": 12}}"));
        Assert.True(Takes(grammar, "{\"name\": \"g\", \"arguments\": {\"any\": []}}"));
        Assert.False(Takes(grammar, "{\"name\": \"h\", \"arguments\": {}}"));
        Assert.False(Takes(grammar, "{\"name\": \"f\", \"arguments\": {}}"));
    }

    private static GrammarProblem Problem(JsonObject schema)
    {
        Assert.Null(AnswerGrammar.FromSchema(JsonSerializer.SerializeToElement(schema), out GrammarProblem? problem));
        return problem!;
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"schema\":{\"type\":\"none\"}}")]
    [InlineData("{\"functions\":[]}")]
    [InlineData("{\"functions\":[{\"name\":1}]}")]
    [InlineData("{\"functions\":{}}")]
    public void ASourceThatIsNoneHasNoGrammar(string source) => Assert.Null(AnswerGrammar.Parse(source));

    private static AnswerGrammar Compile(JsonNode schema)
    {
        AnswerGrammar? grammar = AnswerGrammar.FromSchema(JsonSerializer.SerializeToElement(schema), out GrammarProblem? problem);
        Assert.True(grammar is not null, $"{problem}\n{schema.ToJsonString()}");
        // As a worker has it, from the source that it was sent.
        return AnswerGrammar.Parse(grammar.Source)!;
    }

    private static bool Takes(AnswerGrammar grammar, string text)
    {
        ITokenConstraint constraint = grammar.Constrain(s_tokenizer, s_trie, [End]);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (!Has(Allowed(constraint), value))
                return false;
            constraint.Accept(value);
        }

        return Has(Allowed(constraint), End);
    }

    /// <summary>A random model: any allowed token, brackets and ends more often than others so that answers end.</summary>
    private static string? Say(AnswerGrammar grammar, Random random, float wish, out int tokens)
    {
        ITokenConstraint constraint = grammar.Constrain(s_tokenizer, s_trie, [End]);
        List<byte> text = [];
        for (tokens = 0; tokens < 600; tokens++)
        {
            ulong[] allowed = Allowed(constraint);
            int token = Pick(allowed, random, wish + (tokens / 100f));
            Assert.True(token >= 0, $"nothing may follow {Encoding.UTF8.GetString([.. text])}");
            if (token == End)
                return Encoding.UTF8.GetString([.. text]);
            text.AddRange(s_tokenizer.BytesOf(token));
            constraint.Accept(token);
        }

        return null;
    }

    private static int Pick(ulong[] allowed, Random random, float wish)
    {
        int[] closing = [.. ((int[])[End, '}', ']', '"']).Where(token => Has(allowed, token))];
        if (closing.Length > 0 && random.NextSingle() < 0.2f + wish)
            return closing[random.Next(closing.Length)];
        int skip = random.Next(Math.Max(1, allowed.Sum(word => BitOperations.PopCount(word))));
        for (int token = 0; token <= End; token++)
            if (Has(allowed, token) && skip-- == 0)
                return token;
        return -1;
    }

    private static ulong[] Allowed(ITokenConstraint constraint)
    {
        ulong[] allowed = new ulong[(End + 64) / 64];
        constraint.Allow(allowed);
        return allowed;
    }

    private static bool Has(ulong[] allowed, int token) => (allowed[token >> 6] >> (token & 63) & 1) == 1;

    /// <summary>The validator knows the older names.</summary>
    private static JsonObject Drafted(JsonObject schema) => JsonNode.Parse(
        schema.ToJsonString().Replace("$defs", "definitions", StringComparison.Ordinal))!.AsObject();
}
