namespace Starling.Cli.Places;

/// <summary>Where a job's results go: a folder of this machine, and from there to a store if the job says so.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Store">The prefix under which its files are stored too, or null.</param>
internal sealed record OutputPlace(string Folder, S3Address? Store)
{
    /// <param name="text">A path, or <c>s3://BUCKET/PREFIX</c>, whose folder is ./NAME.</param>
    /// <param name="name">The job's name.</param>
    /// <exception cref="PlaceException">It names no place.</exception>
    public static OutputPlace Parse(string text, string name) => text.StartsWith("s3:", StringComparison.Ordinal)
        ? new OutputPlace(Path.GetFullPath(name), S3Address.Parse(text))
        : new OutputPlace(Path.GetFullPath(text), null);

    /// <summary>Stores the job's text, which shows before the run that the store takes anything.</summary>
    /// <exception cref="PlaceException">It does not.</exception>
    public async Task Announce(string job, CancellationToken cancel)
    {
        if (Store is not { } prefix)
            return;
        using var store = new S3Store();
        await store.Put(prefix.Below("job.yaml"), System.Text.Encoding.UTF8.GetBytes(job), cancel);
    }

    /// <summary>Stores every file of the folder.</summary>
    /// <exception cref="PlaceException">One of them was not taken; all of them are in the folder.</exception>
    public async Task Send(CancellationToken cancel)
    {
        if (Store is not { } prefix)
            return;
        using var store = new S3Store();
        foreach (var file in Directory.EnumerateFiles(Folder))
            await store.Put(prefix.Below(Path.GetFileName(file)), await File.ReadAllBytesAsync(file, cancel), cancel);
    }
}
