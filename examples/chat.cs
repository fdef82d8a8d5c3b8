#!/usr/bin/env dotnet
#:package OpenAI
// Chats with a served model through the official client: dotnet run examples/chat.cs -- MODEL MESSAGE [BASE_URL]
using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

var options = new OpenAIClientOptions { Endpoint = new Uri(args.Length > 2 ? args[2] : "http://127.0.0.1:8000/v1") };
var key = new ApiKeyCredential(Environment.GetEnvironmentVariable("STARLING_API_KEY") ?? "none");
var chat = new ChatClient(args[0], key, options);
await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage(args[1])], new() { MaxOutputTokenCount = 60 }))
    foreach (var part in update.ContentUpdate)
        Console.Write(part.Text);
Console.WriteLine();
