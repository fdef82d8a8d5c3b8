using System.Text;
using Starling.Compute.Generation;
using Starling.Compute.Models;

namespace Starling.Tests.Compute.Generation;

/// <summary>Requests of every kind, for a vocabulary of letters.</summary>
internal static class Requests
{
    public static GenerationRequest Any(Random random, DecoderConfig config, int id) => Fresh(new GenerationRequest
    {
        Id = new RequestId(id),
        Prompt = Enumerable.Range(0, random.Next(1, random.Next(2, 90))).Select(_ => random.Next(config.VocabularySize)).ToArray(),
        Settings = new()
        {
            MaxNewTokens = random.Next(1, 25),
            Temperature = random.Next(4) == 0 ? 0 : random.NextSingle() * 2,
            TopK = random.Next(6),
            TopP = random.Next(2) == 0 ? 1 : random.NextSingle(),
            RepetitionPenalty = random.Next(2) == 0 ? 1 : 1.3f,
            FrequencyPenalty = random.Next(2) == 0 ? 0 : random.NextSingle(),
            Seed = (ulong)random.Next(),
            StopTokens = random.Next(3) == 0 ? [random.Next(config.VocabularySize)] : [],
            StopTexts = random.Next(2) == 0 ? [] : [Letters([random.Next(4), random.Next(4)]), Letters([random.Next(11), 3, 1])],
            TopLogprobs = random.Next(4),
        },
        Text = new LetterText(),
        Constraint = random.Next(3) == 0 ? new NoRepeats(1000) : null,
    });

    /// <summary>The same request with text and constraint as new.</summary>
    public static GenerationRequest Fresh(GenerationRequest request) => request with
    {
        Text = request.Text is null ? null : new LetterText(),
        Constraint = (request.Constraint as NoRepeats)?.Fresh(),
    };

    public static string Letters(IEnumerable<int> tokens) => string.Concat(tokens.Select(LetterText.Of));
}

/// <summary>Each token is a letter; some take two bytes.</summary>
internal sealed class LetterText : ITokenText
{
    private static readonly byte[][] Bytes = [.. Enumerable.Range(0, 11).Select(token => Encoding.UTF8.GetBytes(Of(token)))];

    public static string Of(int token) => "abcdefgΩéλß"[token].ToString();

    public ReadOnlySpan<byte> Append(int token) => Bytes[token];
}

/// <summary>Allows tokens other than the last one, and none after some.</summary>
internal sealed class NoRepeats(int most) : ITokenConstraint
{
    private int last = -1, count;

    public NoRepeats Fresh() => new(most);

    public void Allow(Span<ulong> allowed) => allowed[0] = count < most ? ~(last < 0 ? 0 : 1UL << last) : 0;

    public void Accept(int token) => (last, count) = (token, count + 1);
}
