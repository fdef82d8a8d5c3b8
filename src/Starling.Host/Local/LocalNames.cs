namespace Starling.Host.Local;

/// <summary>What the nodes of a local network are called.</summary>
internal static class LocalNames
{
    public const string Sequencer = "sequencer";
    public const string Gateway = "gateway";

    public static IEnumerable<string> Auditors => Numbered("auditor", LocalOptions.Auditors);

    public static IEnumerable<string> Providers(int count) => Numbered("provider", count);

    private static IEnumerable<string> Numbered(string role, int count) =>
        Enumerable.Range(1, count).Select(n => $"{role}-{n}");
}
