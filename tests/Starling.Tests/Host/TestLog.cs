using Starling.Host.Ports;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Tests.Host;

/// <summary>Small signed batches that chain.</summary>
internal static class TestLog
{
    private static readonly ISigner s_producer = Ed25519.SignerFromSeed(new byte[Ed25519.SeedSize]);

    public static Batch Batch(ulong height, Hash256 previous, long time = 0)
    {
        var header = new BatchHeader(
            default, height, previous, new Timestamp(time), default, default, default, default, s_producer.Id);
        return new Batch(SignedHeader.Sign(header, s_producer), []);
    }

    /// <summary>Everything in a store, by the two questions that a driver asks at its start.</summary>
    public static (IReadOnlyList<Batch> Log, IReadOnlyDictionary<string, byte[]> Records) Load(this INodeStore store) =>
        (store.Log.Read(1, int.MaxValue), store.Records());

    public static List<Batch> Chain(int count)
    {
        var batches = new List<Batch>();
        for (var i = 0; i < count; i++)
            batches.Add(Batch((ulong)i + 1, i == 0 ? Hash256.Zero : batches[i - 1].Header.Hash));
        return batches;
    }
}
