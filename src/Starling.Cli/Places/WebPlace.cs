using System.Net;

namespace Starling.Cli.Places;

/// <summary>A file on a web server.</summary>
internal sealed record WebPlace(Uri Url) : InputPlace
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <exception cref="PlaceException">No address, or one without encryption.</exception>
    public static Uri Address(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            throw new PlaceException($"{text} is no address", "write https://HOST/PATH");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            throw new PlaceException($"{text} is not encrypted, so anybody on the way could change it", "use https:");
        return url;
    }

    /// <inheritdoc/>
    public override InputPlace Weights() => IsWeights(Url.AbsolutePath)
        ? this
        : new WebPlace(new UriBuilder(Url) { Path = $"{Url.AbsolutePath.TrimEnd('/')}/{WeightsFile}" }.Uri);

    /// <inheritdoc/>
    public override async Task<byte[]> Read(long most, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("starling");
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        first.CancelAfter(s_patience);
        try
        {
            using var response = await http.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead, first.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new PlaceException($"{Url} answers {(int)response.StatusCode} {response.ReasonPhrase}", "check the address");
            if (response.Content.Headers.ContentLength > most)
                throw TooLarge(Url, most);
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            return await ReadAll(stream, Url, most, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PlaceException($"{Url} cannot be read: {e.Message}", "check the address, or try again", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new PlaceException($"{Url} did not answer within {s_patience.TotalSeconds:0} s", "try again, or use another source", e);
        }
    }
}
