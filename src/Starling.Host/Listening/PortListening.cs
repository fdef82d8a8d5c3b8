using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Starling.Host.Listening;

/// <summary>Starts and stops what listens on a port.</summary>
internal static class PortListening
{
    /// <summary>
    /// An application that only listens: it logs nothing, and signals stay with the program that it is a part of, whose
    /// end would otherwise wait for nobody.
    /// </summary>
    public static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Starling" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, PartOfAProgram>();
        return builder;
    }

    /// <summary>Starts to listen; an application that cannot is disposed of.</summary>
    /// <param name="place">The port or address, as the person who chose it wrote it.</param>
    /// <param name="option">The option that chooses another.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task Listen(this WebApplication app, string place, string option, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new IOException($"{place} is taken by another program: choose another with {option}", e);
        }
    }

    /// <summary>Takes no new requests, and gives those that run a little time to end.</summary>
    public static async ValueTask Close(this WebApplication app, TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience);
        await app.StopAsync(over.Token);
        await app.DisposeAsync();
    }

    private sealed class PartOfAProgram : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
