using System.Text.Json.Nodes;
using Starling.Cli.Output;
using Xunit;

namespace Starling.Tests.Cli;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("""{"a": 1, "b": "word"}""", "a: 1\nb: word\n")]
    [InlineData("""{"a": {"b": [1, 2]}}""", "a:\n  b:\n    - 1\n    - 2\n")]
    [InlineData("""{"a": [{"b": 1, "c": null}, {"b": 2}]}""", "a:\n  - b: 1\n    c: null\n  - b: 2\n")]
    [InlineData("""{"a": "yes", "b": "1", "c": "x: y", "d": "", "e": "two\nlines"}""", "a: \"yes\"\nb: \"1\"\nc: \"x: y\"\nd: \"\"\ne: \"two\\nlines\"\n")]
    [InlineData("""{"a": [], "b": {}}""", "a: []\nb: {}\n")]
    public void WritesBlocksAndQuotesWhatIsNoPlainWord(string json, string yaml) =>
        Assert.Equal(yaml, YamlText.Write(JsonNode.Parse(json)));
}
