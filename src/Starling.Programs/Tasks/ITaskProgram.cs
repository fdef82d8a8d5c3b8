using Starling.Arithmetic.Catalogue;

namespace Starling.Programs.Tasks;

/// <summary>What a task program needs besides its specification and inputs. None of it shows in the result.</summary>
/// <param name="Backend">Runs operators.</param>
/// <param name="Progress">Told about each step; null for nobody.</param>
/// <param name="Cancellation">Checked between steps; a cancelled run ends as <see cref="TaskOutcome.Failed"/>.</param>
public sealed record TaskContext(
    IBackend Backend, Action<TaskProgress>? Progress = null, CancellationToken Cancellation = default);

/// <summary>How far a run is.</summary>
public readonly record struct TaskProgress(int Step, int Steps, float Loss);

/// <summary>The end of a run, with the bytes of the outputs that its claim names; none unless it completed.</summary>
public sealed record TaskRun(TaskOutcome Outcome, IReadOnlyList<byte[]> Outputs)
{
    public static TaskRun Refused(string reason) => new(new TaskOutcome.Refused(reason), []);

    public static TaskRun Failed(string reason) => new(new TaskOutcome.Failed(reason), []);
}

/// <summary>
/// A program of class <c>exact</c>: its outputs and its claim are the same bits on every machine. It checks its inputs
/// strictly, and refuses what it cannot run with a reason that is the same everywhere.
/// </summary>
public interface ITaskProgram
{
    string Name { get; }

    /// <summary>Runs a task. The inputs are the bytes of the specification's content ids, already checked against them.</summary>
    TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context);
}
