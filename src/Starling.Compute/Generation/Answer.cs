using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>
/// An answer in the making, apart from the model: what is known of it, what its next token is by the logits, and whether
/// it has ended. Engine and audit share it, so they cannot differ.
/// </summary>
internal sealed class Answer
{
    private readonly GenerationSettings settings;
    private readonly ITokenText? tokenText;
    private readonly ITokenConstraint? constraint;
    private readonly TokenCounts? counts;
    private readonly AnswerText? text;
    private readonly TokenLogprob[] top;
    private readonly int[] tokens;
    private readonly int prompt;
    private readonly int capacity;

    /// <param name="capacity">Most tokens of the sequence in the cache.</param>
    public Answer(GenerationRequest request, int capacity, int vocabularySize)
    {
        settings = request.Settings;
        tokenText = request.Text;
        constraint = request.Constraint;
        this.capacity = capacity;
        Id = request.Id;
        Known = prompt = request.Prompt.Length;
        tokens = new int[(int)Math.Min((long)prompt + settings.MaxNewTokens, capacity + 1L)];
        request.Prompt.CopyTo(tokens);
        counts = settings.HasPenalties ? new TokenCounts(vocabularySize, tokens.Length) : null;
        foreach (int token in request.Prompt.Span)
            counts?.AddPrompt(token);
        text = tokenText is null ? null : new AnswerText(settings.StopTexts);
        top = settings.TopLogprobs is > 0 and int count ? new TokenLogprob[Math.Min(count, vocabularySize)] : [];
    }

    public RequestId Id { get; }

    /// <summary>Tokens of prompt and answer so far.</summary>
    public int Known { get; private set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Known);

    /// <summary>Why the answer is complete, or null.</summary>
    public GenerationStop? Ended { get; private set; }

    /// <summary>The next token by the logits after the last one; -1, and the end, if there is none.</summary>
    public int Choose(ReadOnlySpan<float> logits, TokenSampler sampler)
    {
        int token = -1;
        if (!FiniteCheck.AllFinite(logits))
            Ended = GenerationStop.NotFinite;
        else if ((token = sampler.Choose(logits, settings, (uint)Known, counts, constraint)) < 0)
            Ended = GenerationStop.NoTokenAllowed;
        return token;
    }

    /// <summary>Takes the next token; returns the text that can be shown now.</summary>
    public ReadOnlySpan<byte> Accept(int token)
    {
        tokens[Known++] = token;
        counts?.AddAnswer(token);
        constraint?.Accept(token);
        bool stopToken = IsStop(token);
        ReadOnlySpan<byte> shown = stopToken || text is null ? default : text.Take(tokenText!.Append(token));
        Ended = stopToken ? GenerationStop.StopToken
            : text is { Stopped: true } ? GenerationStop.StopText
            : Known == prompt + settings.MaxNewTokens ? GenerationStop.MaxNewTokens
            : Known > capacity ? GenerationStop.ContextFull
            : null;
        return shown;
    }

    /// <summary>Takes the token that <see cref="Choose"/> gave and reports it.</summary>
    public void Emit(int token, ReadOnlySpan<float> logits, TokenSampler sampler, IGenerationSink sink)
    {
        float logprob = settings.TopLogprobs is null ? float.NaN : sampler.Logprob(logits, token, top);
        int index = Known - prompt;
        sink.Token(Id, new ChosenToken
        {
            Token = token,
            Index = index,
            Text = Accept(token),
            Logprob = logprob,
            Top = top,
        });
    }

    /// <summary>Reports the end and the text still held back.</summary>
    public void Finish(IGenerationSink sink) =>
        sink.Finished(Id, Ended ?? throw new InvalidOperationException("The answer has not ended."),
            text is null ? default : text.Finish());

    private bool IsStop(int token)
    {
        for (int i = 0; i < settings.StopTokens.Count; i++)
            if (settings.StopTokens[i] == token)
                return true;
        return false;
    }
}
