using System.Buffers;
using System.Text.Json;
using Starling.Compute.Tensors;
using Starling.Compute.Tokens;

namespace Starling.Compute.Models;

/// <summary>A file of an exported model.</summary>
public sealed record ModelFile(string Name, byte[] Content);

/// <summary>Writes a model as other tools load it: configuration, weights and, for bytes, the tokenizer.</summary>
public static class HuggingFaceFolder
{
    /// <summary>The files of the folder, with the same bytes for the same model.</summary>
    /// <param name="byteTokens">Whether the model's tokens are bytes: adds a tokenizer.</param>
    public static IReadOnlyList<ModelFile> Write(ModelConfig model, TensorMemory parameters, bool byteTokens)
    {
        List<ModelFile> files =
        [
            new("config.json", Json(model.WriteJson)),
            new("model.safetensors", Checkpoint.Write(model, parameters)),
        ];
        if (model is DecoderConfig)
            files.Add(new ModelFile("generation_config.json", Json(WriteGeneration)));
        if (byteTokens)
        {
            files.Add(new ModelFile("tokenizer.json", Json(ByteTokenizerFile.WriteTokenizer)));
            files.Add(new ModelFile("tokenizer_config.json", Json(ByteTokenizerFile.WriteConfig)));
        }

        return files;
    }

    private static void WriteGeneration(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("do_sample", true);
        writer.WriteNumber("temperature", 0.8m);
        writer.WriteEndObject();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
