using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Starling.Host.Local;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Processes;

/// <summary>A node could not join a network: says why and what to do.</summary>
public sealed class JoinException(string message, bool isUnreachable) : Exception(message)
{
    /// <summary>True when nobody answered, so that trying again later may help.</summary>
    public bool IsUnreachable { get; } = isUnreachable;
}

/// <summary>Brings a network's genesis into a home folder, with the addresses to start from.</summary>
public static class Joining
{
    private const string SeedsFile = "seeds";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The genesis of the home folder, fetched from the invite's addresses when there is none yet. A folder stays with
    /// the network that it joined.
    /// </summary>
    /// <exception cref="JoinException">Another network, a forged answer, or nobody there.</exception>
    public static async Task<GenesisRecord> Genesis(HomeFolder home, Invite? invite, ISigner node, CancellationToken cancel)
    {
        if (home.ReadGenesis() is { } stored)
        {
            if (invite is not null && !invite.IsOf(stored))
                throw new JoinException(
                    $"{home.Path} belongs to chain {stored.ChainId()}, and the invite is for {invite.Chain}: use another --home", false);
            if (invite is not null)
                WriteSeeds(home, invite.Seeds);
            return stored;
        }

        if (invite is null)
            throw new JoinException(
                $"{home.Path} belongs to no network yet: give an invite, or make a network with 'starling network init'", false);
        var genesis = await Fetch(invite, node, cancel);
        WriteSeeds(home, invite.Seeds);
        home.WriteGenesis(genesis);
        return genesis;
    }

    /// <summary>The addresses that the folder was given when it joined.</summary>
    public static IReadOnlyList<string> Seeds(string home)
    {
        var file = Path.Combine(home, SeedsFile);
        return File.Exists(file)
            ? [.. File.ReadAllLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && PeerAddresses.Problem(l) is null)]
            : [];
    }

    public static void WriteSeeds(HomeFolder home, IEnumerable<string> seeds) =>
        File.WriteAllText(Path.Combine(home.Path, SeedsFile), string.Join('\n', seeds) + "\n", Encoding.ASCII);

    // Machines are started in any order.
    private static async Task<GenesisRecord> Fetch(Invite invite, ISigner node, CancellationToken cancel)
    {
        using var certificate = NodeCertificate.Create(node);
        var (time, started) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        while (true)
        {
            var problems = new List<string>();
            foreach (var seed in invite.Seeds)
                if (await Ask(seed, invite, certificate, problems, cancel) is { } genesis)
                    return genesis;
            if (time.GetElapsedTime(started) > s_patience)
                throw new JoinException($"nobody of the network answers: {string.Join("; ", problems)}", true);
            await Task.Delay(PeerTimes.LastRetry / 2, time, cancel);
        }
    }

    private static async Task<GenesisRecord?> Ask(
        string seed, Invite invite, X509Certificate2 certificate, List<string> problems, CancellationToken cancel)
    {
        try
        {
            using var channel = new PeerChannel(seed, certificate);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + PeerTimes.Hello;
            var reply = await channel.Client.GenesisAsync(new GenesisRequest(), deadline: deadline, cancellationToken: cancel);
            var genesis = RecordCodec.Decode<GenesisRecord>(reply.Genesis.Memory);
            return invite.IsOf(genesis)
                ? genesis
                : throw new JoinException(
                    genesis.ChainId() == invite.Chain
                        ? "the invite is not signed by the network's producer: ask for another one"
                        : $"{seed} belongs to chain {genesis.ChainId()}, not {invite.Chain}", false);
        }
        catch (RpcException e)
        {
            cancel.ThrowIfCancellationRequested();
            problems.Add($"{seed}: {e.Status.Detail}");
        }
        catch (DecodeException e)
        {
            problems.Add($"{seed}: its genesis is malformed: {e.Message}");
        }

        return null;
    }
}
