namespace Starling.Cli.Places;

/// <summary>A file of this machine.</summary>
internal sealed record FilePlace(string Path) : InputPlace
{
    /// <exception cref="PlaceException">It names no file of this machine.</exception>
    public static string PathOf(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed is { IsFile: true, IsUnc: false }
        ? parsed.LocalPath
        : throw new PlaceException($"{uri} names no file of this machine", "write file:/// and its path, or the path alone");

    /// <inheritdoc/>
    public override InputPlace Weights() =>
        Directory.Exists(Path) ? new FilePlace(System.IO.Path.Combine(Path, WeightsFile)) : this;

    /// <inheritdoc/>
    public override async Task<byte[]> Read(long most, CancellationToken cancel)
    {
        try
        {
            if (new FileInfo(Path) is { Exists: true } file && file.Length > most)
                throw TooLarge(Path, most);
            return await File.ReadAllBytesAsync(Path, cancel);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PlaceException($"there is no file {Path}", "give a path relative to the job file", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new PlaceException($"{Path} cannot be read: {e.Message}", "make it readable, or use another file", e);
        }
    }
}
