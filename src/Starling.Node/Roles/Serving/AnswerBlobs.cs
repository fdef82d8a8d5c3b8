using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Roles.Serving;

/// <summary>Records that a worker says are its interval's.</summary>
internal static class AnswerBlobs
{
    /// <summary>The record; null until it is here, and for bytes that are none: nobody but the worker can tell more.</summary>
    public static T? Decoded<T>(
        BlobDesk blobs, LedgerState state, Timestamp now, Hash256 content, TaskRecord task, EffectList effects)
        where T : class, IRecord<T>
    {
        if (blobs.Bytes(now, content, () => Holders.OfOutputs(state, task), effects) is not { } bytes)
            return null;
        try
        {
            return RecordCodec.Decode<T>(bytes);
        }
        catch (DecodeException)
        {
            return null;
        }
    }
}
