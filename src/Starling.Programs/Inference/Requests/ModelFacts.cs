using Starling.Compute.Generation;

namespace Starling.Programs.Inference.Requests;

/// <summary>What reading a request needs to know of the model that it names.</summary>
/// <param name="VocabularySize">Tokens of the model.</param>
/// <param name="Defaults">Settings that a request leaves out.</param>
/// <param name="HasTools">Whether the chat template shows tools to the model.</param>
/// <param name="Calls">How the model writes calls of tools.</param>
public sealed record ModelFacts(int VocabularySize, GenerationSettings Defaults, bool HasTools, ToolCallStyle Calls);

/// <summary>How a model writes calls of tools.</summary>
public enum ToolCallStyle
{
    /// <summary>The whole answer is a call, or a list of calls, as JSON.</summary>
    Bare = 1,

    /// <summary>Each call stands in <c>&lt;tool_call&gt;</c>, text may stand before it.</summary>
    Tagged = 2,
}
