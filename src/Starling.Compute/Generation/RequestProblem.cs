namespace Starling.Compute.Generation;

/// <summary>Why a request was refused.</summary>
public enum RequestProblemCode
{
    EmptyPrompt = 1,

    /// <summary>Prompt and delivered tokens exceed the context.</summary>
    ContextOverflow = 2,

    TokenOutOfVocabulary = 3,

    BadSetting = 4,

    /// <summary>Slots and queue are taken; later, or elsewhere.</summary>
    Full = 5,

    /// <summary>A request of this id runs or waits.</summary>
    DuplicateId = 6,

    /// <summary>The delivered tokens are an answer that had ended before its last token.</summary>
    DeliveredTooMany = 7,
}

/// <summary>An expected refusal; names the field and says what would be accepted.</summary>
public sealed record RequestProblem(RequestProblemCode Code, string Field, string Message);
