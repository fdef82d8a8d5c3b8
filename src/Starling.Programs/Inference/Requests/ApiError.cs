namespace Starling.Programs.Inference.Requests;

/// <summary>Why a request cannot be served, as OpenAI's clients expect to be told.</summary>
/// <param name="Status">HTTP's status code.</param>
/// <param name="Type">The kind, such as <c>invalid_request_error</c>.</param>
/// <param name="Param">The field at fault, such as <c>messages[0].content</c>.</param>
/// <param name="Code">A stable word for programs.</param>
public sealed record ApiError(int Status, string Type, string Message, string? Param, string? Code)
{
    public static ApiError Invalid(string? param, string message, string? code = null) =>
        new(400, "invalid_request_error", message, param, code);

    public static ApiError Unsupported(string param, string message) =>
        Invalid(param, message, "unsupported_parameter");

    public static ApiError NoModel(string name, string? nearest) => new(
        404, "invalid_request_error",
        $"The model '{name}' does not exist here.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} GET /v1/models lists all.",
        "model", "model_not_found");

    /// <param name="most">Tokens of the answer that were asked for; null where none were.</param>
    public static ApiError ContextOverflow(int context, int prompt, int? most, string param) => Invalid(
        param,
        most is { } answer
            ? $"This model's context holds {context} tokens. However, you requested {prompt + (long)answer} tokens "
                + $"({prompt} in the prompt, {answer} in the completion). Shorten the prompt or lower max_tokens."
            : $"This model's context holds {context} tokens. However, the prompt has {prompt} tokens, and an answer needs at least one. "
                + "Shorten the prompt.",
        "context_length_exceeded");
}

/// <summary>Leaves the reading of a request at the first thing that is wrong.</summary>
internal sealed class ApiErrorException(ApiError error) : Exception(error.Message)
{
    public ApiError Error => error;

    public static ApiErrorException Value(string param, string message) => new(ApiError.Invalid(param, message, "invalid_value"));

    public static ApiErrorException Unsupported(string param, string message) => new(ApiError.Unsupported(param, message));
}
