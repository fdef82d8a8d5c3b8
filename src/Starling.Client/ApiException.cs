using Starling.Client.Contract;

namespace Starling.Client;

/// <summary>The service answered with an error.</summary>
public sealed class ApiException(int status, Problem problem) : Exception(Describe(problem))
{
    public int Status { get; } = status;

    public Problem Problem { get; } = problem;

    private static string Describe(Problem problem) =>
        (problem.Detail ?? problem.Title ?? "the service gave an error without a reason")
        + (problem.Fix is { } fix ? $": {fix}" : "");
}

/// <summary>No service answers at the address.</summary>
public sealed class UnreachableException(Uri address, Exception cause)
    : Exception($"no network answers at {address}: start one with 'starling up', or name another with --url", cause)
{
    public Uri Address { get; } = address;
}
