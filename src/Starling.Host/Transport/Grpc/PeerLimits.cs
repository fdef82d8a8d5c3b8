using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Host.Transport.Grpc;

/// <summary>Bounds of what one node takes from another.</summary>
internal static class PeerLimits
{
    /// <summary>The versions of the protocol that this build speaks.</summary>
    public const uint ProtocolMin = 1;

    public const uint ProtocolMax = 1;

    /// <summary>Bytes of one frame: the largest batch, and room for its envelope.</summary>
    public const int FrameBytes = Limits.BatchBytes + (64 << 10);

    /// <summary>Nodes linked at once.</summary>
    public const int Links = 256;

    /// <summary>Connections from one address at once, whether they have shown a certificate or not.</summary>
    public const int ConnectionsPerAddress = 64;

    public const int Connections = 512;

    /// <summary>Addresses of one node.</summary>
    public const int AddressesPerNode = 4;

    /// <summary>Characters of an address.</summary>
    public const int AddressLength = 256;

    /// <summary>Nodes in one list of peers, and nodes whose addresses are remembered.</summary>
    public const int KnownNodes = 256;

    public const int Roles = 8;

    /// <summary>Frames waiting for one peer, and their bytes.</summary>
    public const int QueuedFrames = 1_024;

    public const long QueuedBytes = 48L << 20;

    /// <summary>Chunks in one part of a blob.</summary>
    public const int PartChunks = 256;

    public const int PartBytes = PartChunks * Blake3.ChunkSize;

    /// <summary>Parts that answer one request.</summary>
    public const int PartsAtOnce = 256;

    /// <summary>A blob of no more parts is sent whole to whoever asks: passing it on would cost more time than it saves.</summary>
    public const int SharedParts = 16;

    /// <summary>Bytes a second of frames that one peer may send for long, and in one burst.</summary>
    public const long FrameBytesPerSecond = 32L << 20;

    public const long FrameBytesAtOnce = 64L << 20;

    /// <summary>Frames a second that one peer may send for long.</summary>
    public const long FramesPerSecond = 5_000;

    /// <summary>Blobs being sent to one peer at once.</summary>
    public const int BlobsPerPeer = 8;
}

/// <summary>How long one node waits for another.</summary>
internal static class PeerTimes
{
    /// <summary>A peer hears something at least this often.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>A peer that was not heard for so long is gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(2_500);

    /// <summary>From connecting to the other side's hello.</summary>
    public static readonly TimeSpan Hello = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(3);

    /// <summary>A sender waits for a full queue at most so long; then the message is lost.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Between two parts of a blob.</summary>
    public static readonly TimeSpan Part = TimeSpan.FromSeconds(5);

    /// <summary>Between two requests to a peer that had nothing new.</summary>
    public static readonly TimeSpan NothingNew = TimeSpan.FromMilliseconds(100);

    /// <summary>Between attempts to reach an address: at first, and at most.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);
}
