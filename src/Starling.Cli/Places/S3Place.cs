namespace Starling.Cli.Places;

/// <summary>An object of a store that speaks the S3 protocol.</summary>
internal sealed record S3Place(S3Address Address) : InputPlace
{
    /// <inheritdoc/>
    public override InputPlace Weights() => IsWeights(Address.Key) ? this : new S3Place(Address.Below(WeightsFile));

    /// <inheritdoc/>
    public override async Task<byte[]> Read(long most, CancellationToken cancel)
    {
        using var store = new S3Store();
        using var found = await store.Get(Address, cancel);
        if (found.ContentLength > most)
            throw TooLarge(Address, most);
        try
        {
            return await ReadAll(found.ResponseStream, Address, most, cancel);
        }
        catch (IOException e)
        {
            throw new PlaceException($"{Address} broke off: {e.Message}", "try again", e);
        }
    }
}
