namespace Starling.Cli.Places;

/// <summary>An object, or what a prefix holds, in a store that speaks the S3 protocol.</summary>
internal sealed record S3Address(string Bucket, string Key)
{
    /// <exception cref="PlaceException">It is not <c>s3://BUCKET/KEY</c>.</exception>
    public static S3Address Parse(string text)
    {
        var parts = text.StartsWith("s3://", StringComparison.Ordinal) ? text[5..].Split('/', 2) : [];
        return parts.Length == 2 && parts[0].Length > 2 && parts[1].Trim('/').Length > 0
            ? new S3Address(parts[0], parts[1].Trim('/'))
            : throw new PlaceException($"{text} names no object", "write s3://BUCKET/KEY");
    }

    public S3Address Below(string name) => new(Bucket, $"{Key}/{name}");

    public override string ToString() => $"s3://{Bucket}/{Key}";
}
