using Starling.Client;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Places;

/// <summary>
/// Where an input of a job lies. It is read here, on the developer's machine, with the developer's credentials; the
/// network sees content ids and bytes, never where they came from.
/// </summary>
internal abstract record InputPlace
{
    /// <param name="text">As the job file gives it: a path, or <c>file:</c>, <c>https:</c>, <c>s3:</c> or <c>cid:</c>.</param>
    /// <param name="folder">What a relative path starts from.</param>
    /// <param name="network">The running network, which a content id is asked of; null when none runs.</param>
    /// <exception cref="PlaceException">It names no place.</exception>
    public static InputPlace Parse(string text, string folder, StarlingClient? network)
    {
        if (text.StartsWith("s3:", StringComparison.Ordinal))
            return new S3Place(S3Address.Parse(text));
        if (text.StartsWith("cid:", StringComparison.Ordinal))
            return ContentId.TryParse(text[4..], out var content)
                ? new ContentPlace(content, network)
                : throw new PlaceException($"{text} holds no content id", "write cid: and the id that a receipt or quote --explain shows");
        if (text.StartsWith("https:", StringComparison.Ordinal) || text.StartsWith("http:", StringComparison.Ordinal))
            return new WebPlace(WebPlace.Address(text));
        return new FilePlace(Path.Combine(folder, text.StartsWith("file:", StringComparison.Ordinal) ? FilePlace.PathOf(text) : text));
    }

    /// <summary>The place of a file in this folder; of weights, when this is no weights' file itself.</summary>
    public abstract InputPlace Weights();

    /// <summary>All its bytes.</summary>
    /// <param name="most">It is refused when it has more.</param>
    /// <exception cref="PlaceException">It is not there, too large or cannot be read.</exception>
    public abstract Task<byte[]> Read(long most, CancellationToken cancel);

    protected const string WeightsFile = "model.safetensors";

    protected static bool IsWeights(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    protected static PlaceException TooLarge(object place, long most) =>
        new($"{place} is larger than {most >> 20} MiB", "use a smaller file");

    /// <summary>Reads a stream to its end.</summary>
    protected static async Task<byte[]> ReadAll(Stream stream, object place, long most, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 18];
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            if (bytes.Length + read > most)
                throw TooLarge(place, most);
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
