namespace Starling.Programs.Inference.Templates;

/// <summary>Why a chat template could not be read or applied.</summary>
public enum TemplateProblemCode
{
    /// <summary>The text is no template.</summary>
    Syntax = 1,

    /// <summary>A statement, filter, test or function that is not read here.</summary>
    Unsupported = 2,

    /// <summary>An operation that its values do not have.</summary>
    Failed = 3,

    /// <summary>The template itself refused the messages by <c>raise_exception</c>.</summary>
    Raised = 4,

    /// <summary>More steps, output or depth than a template may use.</summary>
    TooLarge = 5,
}

/// <param name="Line">Line of the template, from 1; 0 where none is known.</param>
public sealed record TemplateProblem(TemplateProblemCode Code, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"line {Line}: {Message}" : Message;
}

internal sealed class TemplateException(TemplateProblemCode code, string message, int line = 0) : Exception(message)
{
    public TemplateProblem Problem { get; } = new(code, line, message);

    public static TemplateException Failed(string message) => new(TemplateProblemCode.Failed, message);

    public static TemplateException Unsupported(string message) => new(TemplateProblemCode.Unsupported, message);

    public TemplateException At(int line) => Problem.Line > 0 ? this : new(Problem.Code, Problem.Message, line);
}
