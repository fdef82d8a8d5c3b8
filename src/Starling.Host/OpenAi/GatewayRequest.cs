using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Starling.Host.OpenAi.Keys;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>
/// One request on its way: who asks, for which model, what was set aside for it and what it delivered. Disposing settles it.
/// </summary>
internal sealed class GatewayRequest : IDisposable
{
    /// <summary>Tokens between two notes of what was delivered.</summary>
    private const int NoteEvery = 16;

    private readonly OpenAiGateway _gateway;
    private readonly ApiKey? _key;
    private readonly JsonDocument _body;
    private bool _reserved;
    private long _prompt;
    private long _completion;
    private long _noted;

    private GatewayRequest(OpenAiGateway gateway, HttpContext http, ApiKey? key, JsonDocument body, ServedModel model)
    {
        (_gateway, Http, _key, _body, Model) = (gateway, http, key, body, model);
        Id = (string)http.Items[OpenAiGateway.RequestIdItem]!;
    }

    public string Id { get; }

    /// <summary>Who asks; null where everyone is served.</summary>
    public ApiKey? Key => _key;

    /// <summary>Where the receipt of the answers will be; null where they leave none.</summary>
    public string? ReceiptPath { get; private set; }

    public HttpContext Http { get; }

    public ServedModel Model { get; }

    public JsonElement Body => _body.RootElement;

    public CancellationToken Aborted => Http.RequestAborted;

    public long Created { get; private init; }

    /// <summary>Checks key and rate, reads the body, finds the model.</summary>
    /// <exception cref="OpenAiException">Any of it is wrong.</exception>
    public static async Task<GatewayRequest> Open(OpenAiGateway gateway, HttpContext http)
    {
        var key = gateway.Admit(http);
        var body = RequestJson.Parse(await ReadBody(http), out var error) ?? throw new OpenAiException(error!);
        try
        {
            var name = RequestReader.ModelOf(body.RootElement, out error) ?? throw new OpenAiException(error!);
            var model = gateway.Find(name, key);
            return new GatewayRequest(gateway, http, key, body, model) { Created = gateway.Time.GetUtcNow().ToUnixTimeSeconds() };
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Sets the worst case aside.</summary>
    public void Reserve(long prompt, long mostCompletion)
    {
        _prompt = prompt;
        if (_key is null)
            return;
        var now = _gateway.Time.GetUtcNow();
        var prices = Model.Options.Prices;
        var reservation = _gateway.Accounts!.Reserve(_key, Id, Model.Name, prices, prompt, mostCompletion, now);
        _reserved = reservation.IsReserved ? true : throw OverBudget(reservation, prices.Cost(prompt, mostCompletion), now);
    }

    /// <summary>Says that so many tokens are about to be handed to the client; noted every few tokens, before they are sent.</summary>
    public void Deliver(int tokens)
    {
        _completion += tokens;
        if (!_reserved || _completion - _noted < NoteEvery)
            return;
        _noted = _completion;
        _gateway.Accounts!.Note(Id, _prompt, _completion);
    }

    /// <summary>Sends a whole answer, whose tokens are charged unless the client was gone.</summary>
    public async Task Send(ReadOnlyMemory<byte> body, int tokens)
    {
        Deliver(tokens);
        try
        {
            Http.Response.ContentType = "application/json";
            await Http.Response.Body.WriteAsync(body, Aborted);
            Aborted.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            TakeBack(tokens);
        }
    }

    /// <summary>Nothing reached the client, or not the last so many tokens.</summary>
    public void TakeBack(int tokens) => _completion -= tokens;

    /// <summary>Announces a receipt to the client, where receipts are kept; takes what it is made of.</summary>
    /// <param name="prompts">Of each answer.</param>
    public ReceiptNotes? Notes(IReadOnlyList<int[]> prompts, IEnumerable<string> stops)
    {
        if (_gateway.Receipts is not { } receipts)
            return null;
        Http.Response.Headers["x-starling-receipt"] = ReceiptPath = ReceiptNotes.PathOf(Id);
        return new ReceiptNotes(this, receipts, prompts, stops);
    }

    /// <summary>Seeds of requests that give none; told to the client so that the answer can be had again.</summary>
    public ulong Seed(bool given, ulong seed)
    {
        if (!given)
        {
            Span<byte> bytes = stackalloc byte[8];
            RandomNumberGenerator.Fill(bytes);
            // Below 2^53, so that JSON of any language holds it.
            seed = BitConverter.ToUInt64(bytes) >> 11;
        }

        Http.Response.Headers["x-starling-seed"] = unchecked((long)seed).ToString(CultureInfo.InvariantCulture);
        return seed;
    }

    public void Dispose()
    {
        if (_reserved)
            _gateway.Accounts!.Settle(Id, _completion > 0 || IsInputOnly ? _prompt : 0, _completion);
        _body.Dispose();
    }

    /// <summary>Embeddings deliver no tokens; their input is what is charged, once they are sent.</summary>
    public bool IsInputOnly { get; set; }

    private static OpenAiException OverBudget(Reservation reservation, long worst, DateTimeOffset now) => new(
        new ApiError(
            402, "insufficient_quota",
            $"This request may cost up to {Money(worst)}, and the key has {Money(reservation.Left)} left"
                + (reservation.Resets is { } end ? $" until {end:yyyy-MM-dd} UTC." : ".") + " Lower max_tokens, or raise the key's budget.",
            null, "budget_exceeded"),
        reservation.Resets is { } resets ? resets - now : null);

    private static string Money(long micro) => string.Create(CultureInfo.InvariantCulture, $"{micro / 1_000_000m:0.000000} USD");

    private static async Task<ReadOnlyMemory<byte>> ReadBody(HttpContext http)
    {
        if (http.Request.ContentLength > OpenAiGateway.MostBody)
            throw TooLarge();
        // A length that is only claimed takes no memory.
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(http.Request.ContentLength ?? 4096, 1 << 16) + 1);
        while (true)
        {
            var read = await http.Request.Body.ReadAsync(buffer.GetMemory(1), http.RequestAborted);
            if (read == 0)
                return buffer.WrittenMemory;
            buffer.Advance(read);
            if (buffer.WrittenCount > OpenAiGateway.MostBody)
                throw TooLarge();
        }
    }

    private static OpenAiException TooLarge() => new(new ApiError(
        413, "invalid_request_error", $"The body is larger than {OpenAiGateway.MostBody} bytes.", null, "request_too_large"));
}
