using Starling.Client;

namespace Starling.EndToEnd;

/// <summary>A home folder and an output folder that go away with their test, and the examples of the repository.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("starling-e2e-");

    public static string Tiny => Path.Combine(Examples, "tiny.yaml");

    public string Home => Path.Combine(_folder.FullName, "home");

    public string Output => Path.Combine(_folder.FullName, "output");

    private static string Examples
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("no Starling.slnx above the tests");
            return Path.Combine(folder.FullName, "examples");
        }
    }

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Copies a flat folder of this workspace.</summary>
    public void Copy(string from, string to)
    {
        Directory.CreateDirectory(this[to]);
        foreach (var file in Directory.GetFiles(this[from]))
            File.Copy(file, Path.Combine(this[to], Path.GetFileName(file)));
    }

    /// <summary>The arguments of a run of the tiny job, with everything in this workspace.</summary>
    public IEnumerable<string> RunTiny(params IEnumerable<string> more) =>
        ["run", Tiny, "--home", Home, "--output", Output, "-o", "json", .. more];

    /// <summary>A job file of this workspace: the tiny one with one piece of text changed.</summary>
    public string Job(string from, string to)
    {
        var text = File.ReadAllText(Tiny).Replace("data/", $"{Examples}/data/", StringComparison.Ordinal);
        if (!text.Contains(from, StringComparison.Ordinal))
            throw new ArgumentException($"the tiny job has no '{from}'", nameof(from));
        File.WriteAllText(this["job.yaml"], text.Replace(from, to, StringComparison.Ordinal));
        return this["job.yaml"];
    }

    /// <summary>A client of the network that runs in the home folder, as soon as one answers.</summary>
    public async Task<StarlingClient> Connect(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var client = new StarlingClient(new Uri((await File.ReadAllTextAsync(Path.Combine(Home, "api"), cancel)).Trim()));
                await client.Health(cancel);
                return client;
            }
            catch (Exception e) when (e is IOException or UnreachableException or UriFormatException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
            }
        }
    }
}
