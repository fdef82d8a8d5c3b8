using Google.Protobuf;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Node.Chain;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Host.Transport.Grpc;

/// <summary>Messages between roles as frames and back.</summary>
internal static class MessageFrames
{
    public static Frame Encode(Message message) => message switch
    {
        SubmitTransaction m => new Frame { SubmitTransaction = Bytes(RecordCodec.Encode(m.Transaction)) },
        AnnounceBatch m => new Frame { AnnounceBatch = Bytes(RecordCodec.Encode(m.Batch)) },
        RequestBatches m => new Frame { RequestBatches = m.FromHeight },
        RefuseTransaction m => new Frame
        {
            RefuseTransaction = new RefusedTransaction
            {
                Transaction = Bytes(m.Transaction.Hash.ToArray()),
                Reason = (uint)m.Reason,
            },
        },
        RequestSnapshot => new Frame { RequestSnapshot = new SnapshotQuestion() },
        OfferSnapshot m => new Frame { OfferSnapshot = Bytes(RecordCodec.Encode(m.Offer)) },
        ReportEquivocation m => new Frame { ReportEquivocation = Bytes(RecordCodec.Encode(m.Proof)) },
        _ => ServingFrames.Encode(message) ?? throw new ArgumentException($"{message.GetType().Name} has no frame", nameof(message)),
    };

    /// <summary>The message in a frame; null when the frame holds none that this build knows.</summary>
    /// <exception cref="DecodeException">The frame says it holds one, and it is malformed.</exception>
    public static Message? Decode(Frame frame) => frame.BodyCase switch
    {
        Frame.BodyOneofCase.SubmitTransaction =>
            new SubmitTransaction(RecordCodec.Decode<SignedTransaction>(frame.SubmitTransaction.Memory)),
        Frame.BodyOneofCase.AnnounceBatch => new AnnounceBatch(RecordCodec.Decode<Batch>(frame.AnnounceBatch.Memory)),
        Frame.BodyOneofCase.RequestBatches => new RequestBatches(frame.RequestBatches),
        Frame.BodyOneofCase.RefuseTransaction => Refused(frame.RefuseTransaction),
        Frame.BodyOneofCase.ReportEquivocation =>
            new ReportEquivocation(RecordCodec.Decode<Equivocation>(frame.ReportEquivocation.Memory)),
        Frame.BodyOneofCase.RequestSnapshot => new RequestSnapshot(),
        Frame.BodyOneofCase.OfferSnapshot => new OfferSnapshot(RecordCodec.Decode<SnapshotOffer>(frame.OfferSnapshot.Memory)),
        _ => ServingFrames.Decode(frame),
    };

    private static RefuseTransaction Refused(RefusedTransaction refused)
    {
        if (refused.Transaction.Length != Hash256.Size)
            throw new DecodeException(nameof(RefuseTransaction), "a transaction's id has 32 bytes");
        var reason = (SubmitRefusal)refused.Reason;
        if (!Enum.IsDefined(reason))
            throw new DecodeException(nameof(RefuseTransaction), $"{refused.Reason} is no reason");
        return new RefuseTransaction(new TransactionId(new Hash256(refused.Transaction.Span)), reason);
    }

    private static ByteString Bytes(byte[] bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
