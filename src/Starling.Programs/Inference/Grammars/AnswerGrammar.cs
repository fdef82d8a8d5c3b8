using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Requests;

namespace Starling.Programs.Inference.Grammars;

/// <summary>What an answer has to be, ready to constrain any number of answers. Safe for concurrent use.</summary>
public sealed class AnswerGrammar
{
    private readonly Grammar grammar;

    private AnswerGrammar(Grammar grammar) => this.grammar = grammar;

    /// <summary>Any JSON object.</summary>
    public static AnswerGrammar AnyObject { get; } = new(SchemaCompiler.AnyObject());

    /// <summary>The values that a JSON schema allows, or why it cannot be used.</summary>
    public static AnswerGrammar? FromSchema(JsonElement schema, out GrammarProblem? problem)
    {
        problem = null;
        try
        {
            return new AnswerGrammar(SchemaCompiler.Compile(schema));
        }
        catch (GrammarException e)
        {
            problem = e.Problem;
            return null;
        }
    }

    /// <summary>A call of one of the functions: an object with its <c>name</c> and <c>arguments</c>.</summary>
    /// <param name="wrong">The function whose schema cannot be used.</param>
    public static AnswerGrammar? ForCall(IReadOnlyList<ToolFunction> functions, out int wrong, out GrammarProblem? problem)
    {
        problem = null;
        wrong = -1;
        try
        {
            return new AnswerGrammar(SchemaCompiler.CompileCall(functions, ref wrong));
        }
        catch (GrammarException e)
        {
            wrong = Math.Clamp(wrong, 0, functions.Count - 1);
            problem = e.Problem;
            return null;
        }
    }

    /// <summary>A constraint for one answer.</summary>
    /// <param name="stops">Tokens that end the answer; allowed exactly where the value is whole.</param>
    public ITokenConstraint Constrain(ITokenizer tokenizer, TokenTrie trie, IReadOnlyList<int> stops) =>
        new GrammarConstraint(grammar, trie, tokenizer, stops);
}
