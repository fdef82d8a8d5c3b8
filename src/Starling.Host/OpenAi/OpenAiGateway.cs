using System.Globalization;
using Microsoft.AspNetCore.Http;
using Starling.Host.OpenAi.Keys;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>A model and where its answers come from.</summary>
public sealed record ServedEndpoint(ServedModel Model, IAnswerSource Answers);

/// <summary>What the endpoints share: models, keys and time.</summary>
public sealed class OpenAiGateway
{
    public const string RequestIdItem = "request-id";

    /// <summary>Bytes of a request.</summary>
    public const int MostBody = 1 << 21;

    private readonly Dictionary<string, ServedEndpoint> _models;
    private readonly KeyStore? _keys;
    private readonly RateLimits _rates;

    /// <param name="keys">Null to serve everyone.</param>
    public OpenAiGateway(IEnumerable<ServedEndpoint> models, KeyStore? keys, KeyAccounts? accounts, TimeProvider time)
    {
        _models = models.ToDictionary(endpoint => endpoint.Model.Name, StringComparer.Ordinal);
        (_keys, Accounts, Time, _rates) = (keys, accounts, time, new RateLimits(time));
    }

    public TimeProvider Time { get; }

    public IEnumerable<ServedEndpoint> Models => _models.Values;

    /// <summary>Receipts of answers; null where nobody signs them.</summary>
    public AnswerReceipts? Receipts { get; init; }

    internal KeyAccounts? Accounts { get; }

    internal IAnswerSource AnswersOf(ServedModel model) => _models[model.Name].Answers;

    /// <summary>Checks the key of a request and counts it against the key's rate.</summary>
    /// <returns>The key; null where everyone is served.</returns>
    internal ApiKey? Admit(HttpContext http)
    {
        if (_keys is null)
            return null;
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            throw NoKey("This service needs an API key: send it as 'Authorization: Bearer KEY'.", null);
        var key = _keys.Find(header["Bearer ".Length..].Trim()) ?? throw NoKey("Incorrect API key provided.", "invalid_api_key");
        if (key.Revoked is not null)
            throw NoKey($"The API key '{key.Terms.Name}' was revoked.", "invalid_api_key");
        if (key.Terms.Expires <= Time.GetUtcNow())
            throw NoKey($"The API key '{key.Terms.Name}' has expired.", "expired_api_key");
        if (_rates.Take(key) is { } wait)
            throw new OpenAiException(
                new ApiError(
                    429, "requests", string.Create(CultureInfo.InvariantCulture, $"The key may make {key.Terms.Rate} requests per minute."),
                    null, "rate_limit_exceeded"),
                wait);
        return key;
    }

    internal ServedModel Find(string name, ApiKey? key)
    {
        if (!_models.TryGetValue(name, out var endpoint))
            throw new OpenAiException(ApiError.NoModel(
                name.Length <= 200 ? name : name[..200], RequestReader.NearestModel(name, _models.Keys)));
        return key is null || key.Terms.Models.Count == 0 || key.Terms.Models.Contains(name)
            ? endpoint.Model
            : throw new OpenAiException(new ApiError(
                403, "invalid_request_error", $"The API key '{key.Terms.Name}' may not use the model '{name}'.", "model",
                "model_not_allowed"));
    }

    private static OpenAiException NoKey(string message, string? code) =>
        new(new ApiError(401, "invalid_request_error", message, null, code ?? "missing_api_key"));
}
