using CsCheck;
using Starling.Programs.Jobs;
using Xunit;

namespace Starling.Tests.Programs.Jobs;

public sealed class JobFuzzTests
{
    private static readonly string s_valid = JobTexts.Example("tiny.yaml");

    private static readonly string[] s_pieces =
    [
        "", " ", "\n", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "'", "\"", "#", "---\n", "0", "-1", "1e999", "nan",
        "99999999999999999999", "true", "null", "model_type: mlp\n", "\t", "\u0000", "\ud800", "|", ">", "? ",
    ];

    /// <summary>Cuts and inserts at random places: there is always a job or an error with a fix, never an exception.</summary>
    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Gen.Select(Gen.Int[0, s_valid.Length], Gen.Int[0, 12], Gen.Int[0, s_pieces.Length - 1]).Array[1, 4].Sample(
            edits =>
            {
                var text = s_valid;
                foreach (var (at, cut, number) in edits)
                {
                    var from = Math.Min(at, text.Length);
                    text = string.Concat(text.AsSpan(0, from), s_pieces[number], text.AsSpan(Math.Min(from + cut, text.Length)));
                }

                var parse = JobFile.Parse(text, "job.yaml");
                Assert.Equal(parse.Job is null, parse.Errors.Count > 0);
                Assert.All(parse.Errors, e => Assert.True(e.Message.Length > 0 && e.Fix.Length > 0));
            },
            iter: 500);
}
