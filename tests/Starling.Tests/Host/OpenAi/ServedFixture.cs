using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Host.OpenAi;
using Starling.Host.OpenAi.Keys;
using Starling.Host.Ports;
using Starling.Tests.Compute.Generation;
using Starling.Tests.Compute.Models;
using Starling.Tests.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Host.OpenAi;

/// <summary>A small random model served twice over HTTP: to everyone, and to those with a key.</summary>
public sealed class ServedFixture : IAsyncLifetime
{
    public const string Model = "tiny-model";
    public const int End = 259;
    public const int Context = 512;

    private const string Template =
        """
        {% if tools %}Tools: {{ tools | tojson }} <tool_call>
        {% endif %}
        {% for message in messages %}{{ message.role }}: {{ message.content or '' }}
        {% endfor %}
        assistant:
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Exception> _failures = [];
    private OpenAiService? _open;
    private OpenAiService? _keyed;

    /// <summary>Signs the receipts of answers.</summary>
    public static Starling.Protocol.Identity.ISigner Signer { get; } = Starling.Protocol.Identity.Ed25519.SignerFromSeed(new byte[32]);

    public OpenAiService Open => _open!;

    public OpenAiService Keyed => _keyed!;

    public HttpClient Http { get; private set; } = null!;

    public KeyStore Keys { get; private set; } = null!;

    public string ModelFolder => _folder["model"];

    /// <summary>Errors that were the service's own.</summary>
    public IReadOnlyList<Exception> Failures => _failures;

    public async ValueTask InitializeAsync()
    {
        WriteModel(ModelFolder);
        var options = new ServeOptions { Name = Model, Context = Context, Slots = 4, Queue = 256, Prices = new TokenPrices(1_000_000, 3_000_000) };
        _open = await OpenAiService.Start(ModelFolder, options, null, IPAddress.Loopback, 0, TimeProvider.System, _failures.Add, Signer);
        _keyed = await OpenAiService.Start(ModelFolder, options, _folder["home"], IPAddress.Loopback, 0, TimeProvider.System, _failures.Add, Signer);
        Keys = new KeyStore(OpenAiService.KeyFile(_folder["home"]), new SystemEntropy());
        Http = new HttpClient { BaseAddress = _open.Address };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Keys.Dispose();
        await _open!.DisposeAsync();
        await _keyed!.DisposeAsync();
        _folder.Dispose();
    }

    public string NewKey(KeyTerms terms) => Keys.Create(terms, TimeProvider.System.GetUtcNow())!.Value.Secret;

    public static StringContent Body(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    public static JsonObject Chat(string text, Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["model"] = Model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
            ["max_tokens"] = 8,
            ["seed"] = 1,
        };
        change?.Invoke(body);
        return body;
    }

    public async Task<(int Status, JsonElement Json, HttpResponseMessage Response)> Post(string path, JsonNode body)
    {
        var response = await Http.PostAsync(path, Body(body), TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return ((int)response.StatusCode, document.RootElement.Clone(), response);
    }

    internal static void WriteModel(string folder)
    {
        Directory.CreateDirectory(folder);
        var config = TinyModels.Llama(keyValueHeads: 2, vocabulary: End + 1);
        using TrainState state = RandomModel.Of(config);
        foreach (var file in HuggingFaceFolder.Write(config, state.Parameters, byteTokens: false))
            File.WriteAllBytes(Path.Combine(folder, file.Name), file.Content);
        var tokenizer = new TestTokenizer([("t", "h"), ("th", "e"), ("{", "\"")]).Adding("</s>", End);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.Json.ToJsonString());
        var settings = new JsonObject { ["eos_token"] = "</s>", ["chat_template"] = Template };
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), settings.ToJsonString());
    }
}
