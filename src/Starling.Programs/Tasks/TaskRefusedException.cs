namespace Starling.Programs.Tasks;

/// <summary>
/// Ends a run whose inputs are not what the program takes. Thrown deep inside the reading of inputs and turned into
/// <see cref="TaskOutcome.Refused"/> at the one place that runs programs.
/// </summary>
internal sealed class TaskRefusedException(string reason) : Exception(reason);
