using Starling.Host.Transport.Grpc.Wire;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>A blob to read parts of: one of the store, or one that is still coming.</summary>
internal interface IPartSource
{
    /// <summary>Parts in the whole blob; 0 while that is not known.</summary>
    int Parts { get; }

    bool Has(int part);

    /// <summary>A part with what joins it to the content id; null when it is not here any more.</summary>
    BlobPart? Read(int part);
}
