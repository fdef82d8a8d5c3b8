namespace Starling.Cli;

/// <summary>How a command ended; part of the command's contract.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Partial = 3;
    public const int NotVerified = 4;
    public const int OverBudget = 5;
    public const int NoCapacity = 6;
    public const int Unreachable = 7;
    public const int UnknownIssuer = 8;
}
