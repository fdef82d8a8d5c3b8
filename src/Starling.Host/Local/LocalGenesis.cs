using System.Buffers.Binary;
using Starling.Node.Chain;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;

namespace Starling.Host.Local;

/// <summary>Makes the genesis of a local network: everyone it may ever run, with stake, and credits for its user.</summary>
internal static class LocalGenesis
{
    /// <summary>Batches until the sequencer needs its next chain of beacons.</summary>
    private const int BeaconLength = 1 << 20;

    private const ulong Unit = 1_000_000;
    private const ulong UserCredits = 1_000 * Unit;
    private const ulong NodeTokens = 1_000 * Unit;

    /// <summary>For what a gateway asks for in the log.</summary>
    private const ulong GatewayCredits = 10 * Unit;

    public static BeaconChains Beacons(Hash256 sequencerSecret)
    {
        Span<byte> seed = stackalloc byte[Hash256.Size];
        sequencerSecret.CopyTo(seed);
        var last = Blake3.Hash("beacon chain", seed);

        // A million hashes, on another core while the node starts.
        var made = Task.Run(() => new HashChain(last, BeaconLength));
        return new BeaconChains(new Lazy<HashChain>(() => made.GetAwaiter().GetResult()), from => Later(sequencerSecret, from));
    }

    private static HashChain Later(Hash256 sequencerSecret, ulong from)
    {
        Span<byte> seed = stackalloc byte[Hash256.Size + sizeof(ulong)];
        sequencerSecret.CopyTo(seed);
        BinaryPrimitives.WriteUInt64LittleEndian(seed[Hash256.Size..], from);
        return new HashChain(Blake3.Hash("later beacon chain", seed), BeaconLength);
    }

    /// <summary>The stored genesis; made, with these rules, and stored at the first start.</summary>
    public static GenesisRecord Load(HomeFolder home, BeaconChains beacons, Rules rules, TimeProvider time)
    {
        if (home.ReadGenesis() is { } stored)
            return stored;
        var genesis = Create(home, beacons.Tip, rules, new Timestamp(time.GetUtcNow().ToUnixTimeMilliseconds()));
        home.WriteGenesis(genesis);
        return genesis;
    }

    private static GenesisRecord Create(HomeFolder home, Hash256 beacon, Rules rules, Timestamp start)
    {
        var workers = LocalNames.Providers(LocalOptions.MaxProviders).Concat(LocalNames.Auditors);
        var producer = home.Node(LocalNames.Sequencer).Signer().Id;
        GenesisAccount[] accounts =
        [
            new(home.Identity().Id, UserCredits, 0, 0),
            new(producer, 0, 0, 0),
            new(home.Node(LocalNames.Gateway).Signer().Id, GatewayCredits, 0, 0),
            .. workers.Select(name => new GenesisAccount(home.Node(name).Signer().Id, 0, NodeTokens, 0)),
        ];
        return new GenesisRecord(
            "local", NetworkProfile.Local, start, producer, beacon, [producer], accounts, rules);
    }
}
