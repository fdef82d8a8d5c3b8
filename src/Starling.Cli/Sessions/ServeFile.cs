namespace Starling.Cli.Sessions;

/// <summary>Where the model that was served last listens; away when it stops.</summary>
internal sealed class ServeFile : IDisposable
{
    public const int DefaultPort = 8000;

    private readonly string _path;

    private ServeFile(string path) => _path = path;

    public static Uri Default { get; } = new($"http://127.0.0.1:{DefaultPort}");

    public static Uri? Read(string home)
    {
        try
        {
            return Uri.TryCreate(File.ReadAllText(PathOf(home)).Trim(), UriKind.Absolute, out var address) ? address : null;
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static ServeFile Write(string home, Uri address)
    {
        Directory.CreateDirectory(home);
        File.WriteAllText(PathOf(home), $"{address}\n");
        return new ServeFile(PathOf(home));
    }

    public void Dispose() => File.Delete(_path);

    private static string PathOf(string home) => Path.Combine(home, "serve");
}
