using Starling.Client;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Places;

/// <summary>Bytes that the network holds, by their content id.</summary>
internal sealed record ContentPlace(ContentId Content, StarlingClient? Network) : InputPlace
{
    /// <inheritdoc/>
    public override InputPlace Weights() => this;

    /// <inheritdoc/>
    public override async Task<byte[]> Read(long most, CancellationToken cancel)
    {
        if (Network is null)
            throw new PlaceException($"no network runs that could hold {Content}", "start one with 'starling up', or give a file");
        try
        {
            var bytes = await Network.GetBlob(Content, cancel);
            return bytes.Length <= most ? bytes : throw TooLarge(Content, most);
        }
        catch (Exception e) when (e is ApiException or InvalidDataException)
        {
            throw new PlaceException($"the network did not give {Content}: {e.Message}", "give a file with these bytes", e);
        }
    }
}
