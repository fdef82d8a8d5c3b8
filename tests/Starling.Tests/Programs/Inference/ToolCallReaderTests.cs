using Starling.Programs.Inference;
using Starling.Programs.Inference.Requests;
using Xunit;

namespace Starling.Tests.Programs.Inference;

public sealed class ToolCallReaderTests
{
    [Theory]
    [InlineData(ToolCallStyle.Tagged, "Let me see.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n</tool_call>\n<tool_call>{\"name\":\"g\"}</tool_call>",
        "Let me see.\n", "f({\"x\": 1}) g({})")]
    [InlineData(ToolCallStyle.Tagged, "<tool_call>{\"name\": \"f\", \"arguments\": {}}", "", "f({})")]
    [InlineData(ToolCallStyle.Tagged, "a < b <tool", "a < b <tool", "")]
    [InlineData(ToolCallStyle.Tagged, "x<tool_call>no JSON</tool_call>y", "x<tool_call>no JSON</tool_call>y", "")]
    [InlineData(ToolCallStyle.Bare, " {\"name\": \"f\", \"parameters\": {\"x\": [1]}}", "", "f({\"x\": [1]})")]
    [InlineData(ToolCallStyle.Bare, "[{\"name\": \"f\", \"arguments\": \"{}\"}, {\"name\": \"g\", \"arguments\": {}}]", "", "f({}) g({})")]
    [InlineData(ToolCallStyle.Bare, "{\"nam\": 1}", "{\"nam\": 1}", "")]
    [InlineData(ToolCallStyle.Bare, "Hello {\"name\": \"f\"}", "Hello {\"name\": \"f\"}", "")]
    public void CallsAreFoundHoweverTheAnswerIsCut(ToolCallStyle style, string answer, string text, string calls)
    {
        for (int size = 1; size <= answer.Length; size += 1 + (size / 3))
        {
            ToolCallReader reader = new(style);
            List<AnswerPart> parts = [];
            for (int at = 0; at < answer.Length; at += size)
                parts.AddRange(reader.Take(answer.Substring(at, Math.Min(size, answer.Length - at))));
            parts.AddRange(reader.Finish());
            Assert.Equal(text, string.Concat(parts.Select(part => part.Text)));
            Assert.Equal(calls, string.Join(' ', parts.Where(part => part.Call is not null).Select(part => $"{part.Call!.Name}({part.Call.Arguments})")));
        }
    }
}
