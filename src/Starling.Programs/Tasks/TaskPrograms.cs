using Starling.Programs.Tasks.Data;
using Starling.Programs.Tasks.Training;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks;

/// <summary>Every program that this build runs.</summary>
public static class TaskPrograms
{
    /// <summary>Version of all programs so far.</summary>
    public const int Version = 1;

    /// <summary>The only arithmetic so far.</summary>
    public const int ArithmeticVersion = 1;

    private static readonly Dictionary<string, ITaskProgram> s_programs = new ITaskProgram[]
    {
        new TokensProgram(), new FeaturesProgram(), new InitialProgram(), new ImportProgram(), new InnerProgram(), new MergeProgram(),
        new EvaluateProgram(), new ExportProgram(),
    }.ToDictionary(program => program.Name, StringComparer.Ordinal);

    /// <summary>The program of a specification, or null when this build has no such program in this version.</summary>
    public static ITaskProgram? Find(TaskSpec spec) =>
        spec.ProgramVersion == Version && spec.ArithmeticVersion == ArithmeticVersion
        && s_programs.TryGetValue(spec.Program, out var program) ? program : null;

    /// <summary>Runs a task to its end. Expected failures are outcomes; whatever is thrown is a bug or a broken machine.</summary>
    public static TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        if (Find(spec) is not { } program)
            return TaskRun.Failed(
                $"this build has no program '{spec.Program}' of version {spec.ProgramVersion} "
                + $"for arithmetic {spec.ArithmeticVersion}");
        if (inputs.Count != spec.Inputs.Length)
            throw new ArgumentException($"{inputs.Count} inputs for {spec.Inputs.Length} content ids", nameof(inputs));
        try
        {
            return program.Execute(spec, inputs, context);
        }
        catch (TaskRefusedException e)
        {
            return TaskRun.Refused($"{spec.Program}: {e.Message}");
        }
        catch (DecodeException e)
        {
            return TaskRun.Refused($"{spec.Program}: parameters: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return TaskRun.Failed("stopped");
        }
    }
}
