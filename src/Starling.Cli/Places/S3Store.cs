using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Starling.Cli.Places;

/// <summary>
/// A store that speaks the S3 protocol, with the credentials, region and endpoint that AWS's own tools take from their
/// usual variables and files.
/// </summary>
internal sealed class S3Store : IDisposable
{
    private readonly AmazonS3Client _client = new(Configuration());

    public void Dispose() => _client.Dispose();

    /// <exception cref="PlaceException">It is not there or cannot be read.</exception>
    public Task<GetObjectResponse> Get(S3Address from, CancellationToken cancel) => Explained(from, () =>
        _client.GetObjectAsync(new GetObjectRequest { BucketName = from.Bucket, Key = from.Key }, cancel));

    /// <exception cref="PlaceException">It cannot be written.</exception>
    public Task Put(S3Address to, byte[] bytes, CancellationToken cancel) => Explained(to, () =>
        _client.PutObjectAsync(
            new PutObjectRequest { BucketName = to.Bucket, Key = to.Key, InputStream = new MemoryStream(bytes), UseChunkEncoding = false },
            cancel));

    private static AmazonS3Config Configuration()
    {
        var endpoint = Variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");

        // Other stores than Amazon's do not know the newer checksums.
        var config = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        var region = Variable("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1";
        if (endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        else
            (config.ServiceURL, config.AuthenticationRegion, config.ForcePathStyle) = (endpoint, region, true);
        return config;
    }

    private static string? Variable(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) ?? Environment.GetEnvironmentVariable(otherwise);

    private static async Task<T> Explained<T>(S3Address place, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new PlaceException($"there is no {place}", $"check bucket and key ({e.ErrorCode})", e);
        }
        catch (AmazonS3Exception e)
        {
            throw new PlaceException($"{place}: {e.ErrorCode} {e.Message}", "check AWS_REGION, AWS_ENDPOINT_URL and the credentials", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or UriFormatException)
        {
            throw new PlaceException(
                $"{place} cannot be reached: {e.Message}",
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and AWS_ENDPOINT_URL for other stores than Amazon's", e);
        }
    }
}
