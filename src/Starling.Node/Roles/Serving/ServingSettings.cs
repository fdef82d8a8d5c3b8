namespace Starling.Node.Roles.Serving;

/// <summary>What a worker takes.</summary>
public sealed record ServingSettings
{
    internal const string Timer = "serving";

    /// <summary>Answers that are made at the same time.</summary>
    public int AnswersAtOnce { get; init; } = 64;

    /// <summary>Milliseconds between two words about how it fares.</summary>
    public int TellMs { get; init; } = 500;

    /// <summary>Micro-credits that a channel must still hold.</summary>
    public ulong LeastChannel { get; init; } = 1;

    /// <summary>Times that an unpaid chunk is sent again before the answer is given up.</summary>
    public int Resends { get; init; } = 20;

    /// <summary>Milliseconds before an unpaid chunk is sent again.</summary>
    public int ResendMs { get; init; } = 500;
}
