using System.Text;
using Starling.Compute.Generation;
using Xunit;

namespace Starling.Tests.Compute.Generation;

/// <summary>What an engine reported of one request. Log-probabilities stand for the bits of the logits.</summary>
internal sealed class Recorded
{
    public List<int> Tokens { get; } = [];

    public List<int> Indices { get; } = [];

    public List<int> LogprobBits { get; } = [];

    public List<byte[]> Text { get; } = [];

    public GenerationStop? Stop { get; set; }

    public string AllText => Encoding.UTF8.GetString([.. TextFrom(0)]);

    public IEnumerable<byte> TextFrom(int token) => Text.Skip(token).SelectMany(bytes => bytes);

    public bool Same(Recorded other) => Stop == other.Stop && Tokens.SequenceEqual(other.Tokens)
        && Indices.SequenceEqual(other.Indices) && LogprobBits.SequenceEqual(other.LogprobBits)
        && TextFrom(0).SequenceEqual(other.TextFrom(0));

    public void AssertStarts(Recorded whole, string where)
    {
        Assert.True(Stop is null && whole.Tokens.Take(Tokens.Count).SequenceEqual(Tokens), where);
        Assert.True(whole.LogprobBits.Take(LogprobBits.Count).SequenceEqual(LogprobBits), where);
    }
}

internal sealed class Recorder : IGenerationSink
{
    private readonly Dictionary<RequestId, Recorded> requests = [];

    public Recorded Of(RequestId id) => requests.TryGetValue(id, out Recorded? found) ? found : requests[id] = new();

    public void Token(RequestId request, in ChosenToken token)
    {
        Recorded recorded = Of(request);
        Assert.Null(recorded.Stop);
        recorded.Tokens.Add(token.Token);
        recorded.Indices.Add(token.Index);
        recorded.LogprobBits.Add(BitConverter.SingleToInt32Bits(token.Logprob));
        foreach (TokenLogprob entry in token.Top)
            recorded.LogprobBits.AddRange([entry.Token, BitConverter.SingleToInt32Bits(entry.Logprob)]);
        recorded.Text.Add(token.Text.ToArray());
    }

    public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text)
    {
        Assert.Null(Of(request).Stop);
        Of(request).Stop = stop;
        Of(request).Text.Add(text.ToArray());
    }
}

/// <summary>Takes everything and keeps nothing.</summary>
internal sealed class Silent : IGenerationSink
{
    public void Token(RequestId request, in ChosenToken token)
    {
    }

    public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text)
    {
    }
}
