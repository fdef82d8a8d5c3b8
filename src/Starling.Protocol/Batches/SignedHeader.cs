using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Batches;

/// <summary>A header as it travels: the exact bytes that its producer signed.</summary>
public sealed class SignedHeader : IRecord<SignedHeader>
{
    private readonly byte[] _payload;

    private SignedHeader(byte[] payload, Signature signature)
    {
        _payload = payload;
        Signature = signature;
        Header = RecordCodec.Decode<BatchHeader>(payload);
        Hash = Blake3.Hash("batch header", payload);
    }

    public static RecordType Type => RecordType.SignedHeader;

    public BatchHeader Header { get; }

    /// <summary>Names the batch: what the next header points to.</summary>
    public Hash256 Hash { get; }

    public Signature Signature { get; }

    public static SignedHeader Sign(BatchHeader header, ISigner producer)
    {
        if (header.Producer != producer.Id)
            throw new ArgumentException("the signer is not the header's producer", nameof(producer));
        var payload = RecordCodec.Encode(header);
        return new SignedHeader(payload, producer.Sign(Blake3.Hash("batch header", payload).ToArray()));
    }

    public static SignedHeader Read(FieldReader f) => new(f.Bytes(1, 1024), f.Signature(2));

    public void Write(FieldWriter f)
    {
        f.Bytes(1, _payload);
        f.Bytes(2, Signature.Bytes);
    }

    public bool Verify(ISignatureScheme scheme) => scheme.Verify(Header.Producer, Hash.ToArray(), Signature);
}
