using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>A gateway's voucher: what it owes in all of an interval, named by the last running root that it has.</summary>
public sealed record AnswerPromise(
    JobId Endpoint, ChannelId Channel, ulong Interval, ulong Micro, Hash256 Root, Signature Signature) : IRecord<AnswerPromise>
{
    public static RecordType Type => RecordType.AnswerPromise;

    /// <summary>What the channel's payer signs.</summary>
    public Hash256 Message(ChainId chain) => Derived.AnswerVoucher(chain, Channel, Endpoint, Interval, Micro, Root);

    public static AnswerPromise Read(FieldReader f) => new(
        new JobId(f.Hash(1)), new ChannelId(f.Hash(2)), f.Unsigned(3), f.Unsigned(4), f.Hash(5), f.Signature(6));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Endpoint.Hash);
        f.Hash(2, Channel.Hash);
        f.Unsigned(3, Interval);
        f.Unsigned(4, Micro);
        f.Hash(5, Root);
        f.Bytes(6, Signature.Bytes);
    }
}
