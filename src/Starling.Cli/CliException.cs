namespace Starling.Cli;

/// <summary>A command cannot go on: the message names the place and the fix.</summary>
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
