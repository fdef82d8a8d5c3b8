using Starling.Protocol.Encoding;

namespace Starling.Protocol.Answers;

/// <summary>
/// How the tokens of an answer are chosen: the settings of docs/generation.md with their ranges, as bits. What needs
/// a tokenizer or a grammar is not here: <see cref="AnswerRequest.Beyond"/> names it.
/// </summary>
public sealed record AnswerSampling : IRecord<AnswerSampling>
{
    public static RecordType Type => RecordType.AnswerSampling;

    /// <summary>Tokens of the answer at most, those delivered before included.</summary>
    public int MaxTokens { get; init; } = 200;

    /// <summary>0 to 100; below 2^-10 the largest logit is taken.</summary>
    public float Temperature { get; init; }

    public int TopK { get; init; }

    public float TopP { get; init; } = 1;

    public float MinP { get; init; }

    public float RepetitionPenalty { get; init; } = 1;

    public float FrequencyPenalty { get; init; }

    public float PresencePenalty { get; init; }

    public ulong Seed { get; init; }

    public uint Choice { get; init; }

    /// <summary>By token, ascending.</summary>
    public AnswerBias[] Biases { get; init; } = [];

    public int[] StopTokens { get; init; } = [];

    public static AnswerSampling Read(FieldReader f)
    {
        var read = new AnswerSampling
        {
            MaxTokens = f.Int32(1, 1, 1 << 24),
            Temperature = Within(f, 2, 0, 100),
            TopK = f.Int32(3, 0, 1 << 24),
            TopP = Within(f, 4, 0, 1),
            MinP = Within(f, 5, 0, 1),
            RepetitionPenalty = Within(f, 6, 0.01f, 100),
            FrequencyPenalty = Within(f, 7, -2, 2),
            PresencePenalty = Within(f, 8, -2, 2),
            Seed = f.Unsigned(9),
            Choice = (uint)f.Unsigned(10, uint.MaxValue),
            Biases = f.Records<AnswerBias>(11, AnswerLimits.Biases),
            StopTokens = f.List(12, AnswerLimits.StopTokens, static r => TokenList.ReadToken(r)),
        };
        for (var i = 1; i < read.Biases.Length; i++)
        {
            if (read.Biases[i - 1].Token >= read.Biases[i].Token)
                throw f.Fail(11, "tokens ascend, none twice");
        }

        return read;
    }

    public void Write(FieldWriter f)
    {
        f.Integer(1, MaxTokens);
        f.Single(2, Temperature);
        f.Integer(3, TopK);
        f.Single(4, TopP);
        f.Single(5, MinP);
        f.Single(6, RepetitionPenalty);
        f.Single(7, FrequencyPenalty);
        f.Single(8, PresencePenalty);
        f.Unsigned(9, Seed);
        f.Unsigned(10, Choice);
        f.Records(11, Biases);
        f.List(12, StopTokens, static (w, t) => w.Integer(t));
    }

    internal static float Within(FieldReader f, int key, float least, float most)
    {
        var value = f.Single(key);
        return value >= least && value <= most ? value : throw f.Fail(key, $"{value} is outside {least}..{most}");
    }
}

/// <summary>Added to a token's logit: from -100 to 100.</summary>
public sealed record AnswerBias(int Token, float Bias) : IRecord<AnswerBias>
{
    public static RecordType Type => RecordType.AnswerBias;

    public static AnswerBias Read(FieldReader f) =>
        new(f.Int32(1, 0, AnswerLimits.Vocabulary - 1), AnswerSampling.Within(f, 2, -100, 100));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Token);
        f.Single(2, Bias);
    }
}
