using System.ClientModel;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Starling.Host.OpenAi.Keys;
using Xunit;
using ChatClient = OpenAI.Chat.ChatClient;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = OpenAI.Chat.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace Starling.Tests.Host.OpenAi;

/// <summary>The official client for .NET, unmodified, over every feature.</summary>
public sealed class DotNetClientTests(ServedFixture served) : IClassFixture<ServedFixture>
{
    private static readonly ChatMessage[] s_hello = [ChatMessage.CreateSystemMessage("Be brief."), ChatMessage.CreateUserMessage("Hello")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private OpenAIClient Client => ClientOf(served.Open.Address, "any");

    private ChatClient Chat => Client.GetChatClient(ServedFixture.Model);

    [Fact]
    public async Task ModelsAreListed()
    {
        var models = (await Client.GetOpenAIModelClient().GetModelsAsync(Cancel)).Value;
        Assert.Equal([ServedFixture.Model], models.Select(model => model.Id));
        Assert.Equal(ServedFixture.Model, (await Client.GetOpenAIModelClient().GetModelAsync(ServedFixture.Model, Cancel)).Value.Id);
    }

    [Fact]
    public async Task TheSameSeedHasTheSameAnswerWholeOrInPieces()
    {
        var options = Options();
        ChatCompletion whole = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        Assert.Equal(ChatFinishReason.Length, whole.FinishReason);
        Assert.Equal(12, whole.Usage.OutputTokenCount);
        Assert.True(whole.Usage.InputTokenCount > 10);
        Assert.Equal(ChatMessageRole.Assistant, whole.Role);
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        ChatFinishReason? reason = null;
        await foreach (var update in Chat.CompleteChatStreamingAsync(s_hello, options, Cancel))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            usage = update.Usage ?? usage;
            reason = update.FinishReason ?? reason;
        }

        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal((whole.Usage.InputTokenCount, 12), (usage!.InputTokenCount, usage.OutputTokenCount));
        Assert.Equal(ChatFinishReason.Length, reason);
    }

    [Fact]
    public async Task ProbabilitiesAreTold()
    {
        var options = Options();
        options.IncludeLogProbabilities = true;
        options.TopLogProbabilityCount = 3;
        ChatCompletion answer = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        Assert.InRange(answer.ContentTokenLogProbabilities.Count, 11, 12);
        Assert.All(answer.ContentTokenLogProbabilities, token =>
        {
            Assert.Equal(3, token.TopLogProbabilities.Count);
            Assert.True(token.LogProbability <= 0);
            Assert.True(token.TopLogProbabilities[0].LogProbability >= token.LogProbability);
        });
    }

    [Fact]
    public async Task AStopTextEndsAnAnswer()
    {
        var options = Options();
        ChatCompletion free = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        var text = free.Content[0].Text;
        var stop = text.Substring(text.Length / 2, 1);
        options.StopSequences.Add(stop);
        ChatCompletion stopped = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        Assert.Equal(ChatFinishReason.Stop, stopped.FinishReason);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], stopped.Content.Count > 0 ? stopped.Content[0].Text : "");
    }

    [Fact]
    public async Task PenaltiesAndBiasesSteer()
    {
        var options = Options();
        options.LogitBiases['x'] = 100;
        ChatCompletion biased = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        Assert.Equal("xxxxxxxxxxxx", biased.Content[0].Text);
        options.FrequencyPenalty = 2;
        options.PresencePenalty = 2;
        options.TopP = 0.9f;
        Assert.NotNull((await Chat.CompleteChatAsync(s_hello, options, Cancel)).Value);
    }

    [Fact]
    public async Task AJsonAnswerIsJson()
    {
        var options = Options(200);
        options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
            "point", BinaryData.FromString("""{"type":"object","properties":{"x":{"type":"integer","minimum":0,"maximum":99},"tag":{"enum":["a","b"]}},"required":["x","tag"],"additionalProperties":false}"""),
            jsonSchemaIsStrict: true);
        ChatCompletion answer = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        using var json = JsonDocument.Parse(answer.Content[0].Text);
        Assert.InRange(json.RootElement.GetProperty("x").GetInt32(), 0, 99);
        options = Options(60);
        options.ResponseFormat = ChatResponseFormat.CreateJsonObjectFormat();
        Assert.StartsWith("{", ((ChatCompletion)await Chat.CompleteChatAsync(s_hello, options, Cancel)).Content[0].Text.TrimStart());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AForcedCallIsACall(bool named)
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"days":{"type":"integer","minimum":1,"maximum":9}},"required":["days"],"additionalProperties":false}""");
        var options = Options(120);
        options.Tools.Add(ChatTool.CreateFunctionTool("get_weather", "The weather.", schema, functionSchemaIsStrict: true));
        options.ToolChoice = named ? ChatToolChoice.CreateFunctionChoice("get_weather") : ChatToolChoice.CreateRequiredChoice();
        ChatCompletion answer = await Chat.CompleteChatAsync(s_hello, options, Cancel);
        Assert.Equal(named ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls, answer.FinishReason);
        var call = Assert.Single(answer.ToolCalls);
        Assert.Equal("get_weather", call.FunctionName);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.InRange(arguments.RootElement.GetProperty("days").GetInt32(), 1, 9);

        string name = "", text = "";
        await foreach (var update in Chat.CompleteChatStreamingAsync(s_hello, options, Cancel))
            foreach (var piece in update.ToolCallUpdates)
                (name, text) = (name + piece.FunctionName, text + piece.FunctionArgumentsUpdate);
        Assert.Equal(("get_weather", call.FunctionArguments.ToString()), (name, text));

        ChatMessage[] more = [.. s_hello, ChatMessage.CreateAssistantMessage(answer), ChatMessage.CreateToolMessage(call.Id, "sunny")];
        Assert.NotEmpty(((ChatCompletion)await Chat.CompleteChatAsync(more, Options(), Cancel)).Content);
    }

    [Fact]
    public async Task EmbeddingsAreVectorsOfLengthOne()
    {
        var client = Client.GetEmbeddingClient(ServedFixture.Model);
        var vectors = (await client.GenerateEmbeddingsAsync(["one", "two", "one"], cancellationToken: Cancel)).Value;
        Assert.Equal(3, vectors.Count);
        Assert.Equal(vectors[0].ToFloats().ToArray(), vectors[2].ToFloats().ToArray());
        Assert.NotEqual(vectors[0].ToFloats().ToArray(), vectors[1].ToFloats().ToArray());
        Assert.Equal(1, vectors[1].ToFloats().ToArray().Sum(x => x * x), 4);
        Assert.True(vectors.Usage.InputTokenCount >= 9);
    }

    [Fact]
    public async Task ErrorsAreThoseOfTheClient()
    {
        var unknown = await Assert.ThrowsAsync<ClientResultException>(() => Client.GetChatClient("tiny-modle").CompleteChatAsync(s_hello, Options(), Cancel));
        Assert.Equal(404, unknown.Status);
        Assert.Contains(ServedFixture.Model, unknown.Message);
        var long_ = ChatMessage.CreateUserMessage(new string('a', 2000));
        var overflow = await Assert.ThrowsAsync<ClientResultException>(() => Chat.CompleteChatAsync([long_], Options(), Cancel));
        Assert.Equal(400, overflow.Status);
        Assert.Contains("context_length_exceeded", overflow.Message);
    }

    [Fact]
    public async Task KeysAreCheckedAndCharged()
    {
        var none = await Assert.ThrowsAsync<ClientResultException>(() => Ask(served.Keyed.Address, "sk-star-wrong"));
        Assert.Equal(401, none.Status);
        var secret = served.NewKey(new KeyTerms { Name = "dotnet", Budget = 100_000, Period = BudgetPeriod.Day });
        ChatCompletion answer = await Ask(served.Keyed.Address, secret);
        var row = Assert.Single(served.Keys.Usage(DateOnly.MinValue, DateOnly.MaxValue, "dotnet"));
        Assert.Equal((1, answer.Usage.InputTokenCount, 12), (row.Requests, row.Prompt, row.Completion));
        Assert.Equal(row.Prompt + (3 * row.Completion), row.Cost);
        var poor = served.NewKey(new KeyTerms { Name = "dotnet-poor", Budget = 10 });
        Assert.Equal(402, (await Assert.ThrowsAsync<ClientResultException>(() => Ask(served.Keyed.Address, poor))).Status);
        var other = served.NewKey(new KeyTerms { Name = "dotnet-other", Models = ["another"] });
        Assert.Equal(403, (await Assert.ThrowsAsync<ClientResultException>(() => Ask(served.Keyed.Address, other))).Status);
    }

    [Fact]
    public async Task MicrosoftExtensionsAiWorksThroughIt()
    {
        IChatClient client = Chat.AsIChatClient();
        var answer = await client.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 5, Seed = 3 }, Cancel);
        Assert.Equal(5, answer.Usage!.OutputTokenCount);
        var text = new StringBuilder();
        await foreach (var update in client.GetStreamingResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 5, Seed = 3 }, Cancel))
            text.Append(update.Text);
        Assert.Equal(answer.Text, text.ToString());
    }

    private static async Task<ChatCompletion> Ask(Uri address, string key) =>
        await ClientOf(address, key).GetChatClient(ServedFixture.Model).CompleteChatAsync(s_hello, Options(), Cancel);

    private static OpenAIClient ClientOf(Uri address, string key) => new(
        new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(address, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });

    private static ChatCompletionOptions Options(int most = 12)
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = most, Temperature = 0.8f, EndUserId = "me" };
#pragma warning disable OPENAI001 // The seed is marked as experimental by the client.
        options.Seed = 7;
#pragma warning restore OPENAI001
        return options;
    }
}
