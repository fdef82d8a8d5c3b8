using System.Net;
using Starling.Cli.Places;
using Starling.Tests.Host;
using Xunit;

namespace Starling.Tests.Cli.Places;

/// <summary>Inputs by path, by address and by content id; what is wrong with one, and what to do.</summary>
public sealed class PlaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("s3://bucket", "names no object")]
    [InlineData("s3:bucket/key", "names no object")]
    [InlineData("cid:bafk", "holds no content id")]
    [InlineData("http://example.org/data.txt", "not encrypted")]
    [InlineData("https://", "is no address")]
    [InlineData("file://server/share.txt", "names no file of this machine")]
    public void WhatNamesNoPlaceIsRefused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<PlaceException>(() => InputPlace.Parse(text, ".", null)).Problem, StringComparison.Ordinal);

    [Fact]
    public async Task FilesAreReadFromTheJobsFolderAndByTheirUri()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["a.txt"], [1, 2, 3], Cancel);
        Assert.Equal([1, 2, 3], await InputPlace.Parse("a.txt", folder.Path, null).Read(3, Cancel));
        Assert.Equal([1, 2, 3], await InputPlace.Parse(new Uri(folder["a.txt"]).AbsoluteUri, "/", null).Read(3, Cancel));
        Assert.Equal(folder["model.safetensors"], ((FilePlace)new FilePlace(folder.Path).Weights()).Path);
        await Assert.ThrowsAsync<PlaceException>(() => InputPlace.Parse("a.txt", folder.Path, null).Read(2, Cancel));
        await Assert.ThrowsAsync<PlaceException>(() => InputPlace.Parse("b.txt", folder.Path, null).Read(2, Cancel));
        await Assert.ThrowsAsync<PlaceException>(() => InputPlace.Parse(".", folder.Path, null).Read(2, Cancel));
    }

    [Fact]
    public async Task AContentIdNeedsARunningNetwork()
    {
        var id = Starling.Protocol.Hashing.ContentId.Of([1]);
        var error = await Assert.ThrowsAsync<PlaceException>(() => InputPlace.Parse($"cid:{id}", ".", null).Read(9, Cancel));
        Assert.Contains("starling up", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesOfAWebServerAreReadOrTheReasonIsGiven()
    {
        using var server = WebServer(out var url);
        var serving = Serve(server);
        Assert.Equal([1, 2, 3], await Read("data.bin", 3));
        await Refused("nothing", 3, "404");
        await Refused("data.bin", 2, "larger");
        await Refused("chunked", 2, "larger");
        server.Stop();
        await serving;
        await Refused("data.bin", 3, "cannot be read");

        async Task Refused(string path, long most, string problem) => Assert.Contains(
            problem, (await Assert.ThrowsAsync<PlaceException>(() => Read(path, most))).Problem, StringComparison.Ordinal);

        Task<byte[]> Read(string path, long most) => InputPlace.Parse(url + path, ".", null).Read(most, Cancel);
    }

    private static HttpListener WebServer(out string url)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        url = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        var server = new HttpListener();
        server.Prefixes.Add(url);
        server.Start();
        return server;
    }

    private static async Task Serve(HttpListener server)
    {
        try
        {
            while (await server.GetContextAsync() is { } context)
            {
                var path = context.Request.Url!.AbsolutePath;
                context.Response.StatusCode = path == "/nothing" ? 404 : 200;
                context.Response.SendChunked = path == "/chunked";
                if (!context.Response.SendChunked)
                    context.Response.ContentLength64 = path == "/nothing" ? 0 : 3;
                if (path != "/nothing")
                    await context.Response.OutputStream.WriteAsync(new byte[] { 1, 2, 3 });
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
        {
            // Stopped.
        }
    }
}
