using Starling.Host.Local;

namespace Starling.Cli.Sessions;

/// <summary>Where the network that runs in a home folder listens.</summary>
internal static class ApiFile
{
    public const int DefaultPort = 4680;

    public static Uri Default { get; } = new($"http://127.0.0.1:{DefaultPort}");

    public static Uri? Read(string home)
    {
        var file = Path.Combine(home, "api");
        try
        {
            return Uri.TryCreate(File.ReadAllText(file).Trim(), UriKind.Absolute, out var address) ? address : null;
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void Write(HomeFolder home, Uri address) => File.WriteAllText(home.ApiFile, $"{address}\n");
}
