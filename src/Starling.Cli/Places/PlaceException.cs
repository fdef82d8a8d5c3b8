namespace Starling.Cli.Places;

/// <summary>Something that a job file names cannot be read or written.</summary>
internal sealed class PlaceException(string problem, string fix, Exception? inner = null) : Exception($"{problem}: {fix}", inner)
{
    public string Problem { get; } = problem;

    public string Fix { get; } = fix;
}
