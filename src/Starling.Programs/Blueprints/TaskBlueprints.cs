using Starling.Arithmetic.Blueprints;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Blueprints;

/// <summary>The blueprint of each task: what a referee needs to know of it. A function of program and parameters alone.</summary>
public static class TaskBlueprints
{
    /// <summary>The blueprint, or null for a program that is recomputed by the auditors as a whole.</summary>
    /// <exception cref="DecodeException">The parameters are not the program's, or no dispute could decide about their model.</exception>
    public static Blueprint? Of(string program, ReadOnlyMemory<byte> parameters) => program switch
    {
        "tokens" => OutputBlueprints.Tokens(RecordCodec.Decode<TokensParameters>(parameters)),
        "initial" => OutputBlueprints.Initial(RecordCodec.Decode<InitialParameters>(parameters)),
        "export" => OutputBlueprints.Export(RecordCodec.Decode<ExportParameters>(parameters)),
        "inner" => InnerBlueprint.Of(RecordCodec.Decode<InnerParameters>(parameters)),
        "merge" => MergeBlueprint.Of(RecordCodec.Decode<MergeParameters>(parameters)),
        _ => null,
    };

    /// <summary>As <see cref="Of(string, ReadOnlyMemory{byte})"/>, for a specification.</summary>
    public static Blueprint? Of(TaskSpec spec) => Of(spec.Program, spec.Parameters);

    /// <summary>What the task's issue names: the blueprint's hash, or zero.</summary>
    public static Hash256 HashOf(string program, ReadOnlyMemory<byte> parameters) =>
        Of(program, parameters)?.Hash() ?? Hash256.Zero;
}
