using System.Text.Json;
using Starling.Programs.Inference.Templates;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Programs.Inference;

/// <summary>Published templates give the text that Jinja gives, character by character.</summary>
public sealed class ChatTemplateTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "vectors", "templates");
    private static readonly DateTimeOffset s_now = new(2026, 3, 9, 7, 5, 4, TimeSpan.Zero);

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> data = [];
        foreach (var one in Read())
            data.Add(one.GetProperty("template").GetString()!, one.GetProperty("conversation").GetString()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ATemplateGivesWhatJinjaGives(string name, string conversation)
    {
        var expected = Read().Single(c => c.GetProperty("template").GetString() == name && c.GetProperty("conversation").GetString() == conversation);
        var template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(s_folder, name)), out var wrong);
        Assert.True(template is not null, wrong?.ToString());
        var text = template.Render(expected.GetProperty("variables"), s_now, out var problem);
        if (expected.TryGetProperty("text", out var wanted))
            Assert.Equal(wanted.GetString(), text ?? problem!.ToString());
        else
        {
            Assert.Null(text);
            Assert.True(problem!.Code == TemplateProblemCode.Failed || problem.Message == expected.GetProperty("error").GetString(), problem.ToString());
        }
    }

    [Fact]
    public void ThePlainTemplateIsTheTextsOfTheMessages()
    {
        Assert.Equal("A\nB\n", Render(ChatTemplate.Plain, """{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B"}]}"""));
        Assert.Equal(
            "You may call these functions: [{\"type\": \"function\"}]\n"
            + "To call one, answer with nothing but {\"name\": ..., \"arguments\": ...} as JSON.\nA\n",
            Render(ChatTemplate.Plain, """{"messages":[{"role":"user","content":"A"}],"tools":[{"type":"function"}]}"""));
    }

    [Theory]
    [InlineData("{% if x %}", TemplateProblemCode.Syntax, 1)]
    [InlineData("a\n{{ x", TemplateProblemCode.Syntax, 2)]
    [InlineData("{{ 'x }}", TemplateProblemCode.Syntax, 1)]
    [InlineData("{% endif %}", TemplateProblemCode.Unsupported, 1)]
    [InlineData("{% include 'x' %}", TemplateProblemCode.Unsupported, 1)]
    [InlineData("{{ x | frobnicate }}", TemplateProblemCode.Unsupported, 1)]
    [InlineData("{{ x is frobnicated }}", TemplateProblemCode.Unsupported, 1)]
    [InlineData("\n{{ nothing.more }}", TemplateProblemCode.Failed, 2)]
    [InlineData("{{ [].append(1) }}", TemplateProblemCode.Unsupported, 1)]
    [InlineData("{{ 1 + 'a' }}", TemplateProblemCode.Failed, 1)]
    [InlineData("{{ 1 // 0 }}", TemplateProblemCode.Failed, 1)]
    [InlineData("{{ 9223372036854775807 + 1 }}", TemplateProblemCode.Failed, 1)]
    [InlineData("{{ raise_exception('no') }}", TemplateProblemCode.Raised, 1)]
    [InlineData("{{ 'a' * 99999999999 }}", TemplateProblemCode.TooLarge, 1)]
    [InlineData("{{ range(999999999) }}", TemplateProblemCode.TooLarge, 1)]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", TemplateProblemCode.TooLarge, 1)]
    [InlineData("{% set ns = namespace(t='x') %}{% for a in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}", TemplateProblemCode.TooLarge, 1)]
    [InlineData("{% set ns = namespace(t='x') %}{% for a in range(99) %}{% set ns.t = ns.t.replace('x', 'xx') %}{% endfor %}", TemplateProblemCode.TooLarge, 1)]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", TemplateProblemCode.TooLarge, 1)]
    public void ABadTemplateIsATypedErrorWithItsLine(string text, TemplateProblemCode code, int line)
    {
        using var none = JsonDocument.Parse("{}");
        if (ChatTemplate.Parse(text, out var problem) is { } template)
            Assert.Null(template.Render(none.RootElement, s_now, out problem));
        Assert.Equal((code, line), (problem!.Code, problem.Line));
    }

    [Fact]
    public void NestingIsBounded()
    {
        var deep = string.Concat(Enumerable.Repeat("(", 10_000)) + "1" + string.Concat(Enumerable.Repeat(")", 10_000));
        Assert.Null(ChatTemplate.Parse("{{ " + deep + " }}", out var problem));
        Assert.Equal(TemplateProblemCode.TooLarge, problem!.Code);
        Assert.Null(ChatTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat("not ", 10_000)) + "1 }}", out _));
        Assert.Null(ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if 1 %}", 10_000)), out _));
    }

    private static string Render(string template, string variables)
    {
        using var json = JsonDocument.Parse(variables);
        return ChatTemplate.Parse(template, out _)!.Render(json.RootElement, s_now, out var problem) ?? problem!.ToString();
    }

    private static JsonElement[] Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "expected.json")));
        return [.. document.RootElement.EnumerateArray().Select(c => c.Clone())];
    }
}
