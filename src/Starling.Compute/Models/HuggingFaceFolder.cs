using System.Buffers;
using System.Text.Json;
using Starling.Compute.Tensors;
using Starling.Compute.Tokens;

namespace Starling.Compute.Models;

/// <summary>A file of an exported model.</summary>
public sealed record ModelFile(string Name, byte[] Content);

/// <summary>A model's folder as other tools read and write it: configuration, weights and tokenizer.</summary>
public static class HuggingFaceFolder
{
    /// <summary>Loads configuration, tokenizer and weights; null with what is wrong with which file.</summary>
    public static LoadedModel? Read(IModelFolder folder, out ModelProblem? problem)
    {
        problem = FolderReader.Read(folder, out LoadedModel? model);
        return model;
    }

    /// <summary>
    /// Writes configuration and weights file by file, in several files of weights where one would hold more than
    /// <paramref name="mostBytes"/> of numbers. The tokenizer's own files are the caller's to copy.
    /// </summary>
    /// <param name="create">Makes the file of a name; each is closed before the next is made.</param>
    public static void Save(ModelConfig model, TensorMemory parameters, long mostBytes, Func<string, Stream> create)
    {
        IReadOnlyList<CheckpointShard> shards = CheckpointShards.Cut(model, mostBytes);
        Put("config.json", Json(model.WriteJson), create);
        foreach (CheckpointShard shard in shards)
            using (Stream stream = create(shard.Name))
                Checkpoint.Write(shard.Tensors, parameters, stream);
        if (shards.Count > 1)
            Put(CheckpointFiles.Index, Json(writer => CheckpointShards.WriteIndex(writer, shards)), create);
    }

    /// <summary>The files of the folder, with the same bytes for the same model.</summary>
    /// <param name="byteTokens">Whether the model's tokens are bytes: adds a tokenizer.</param>
    public static IReadOnlyList<ModelFile> Write(ModelConfig model, TensorMemory parameters, bool byteTokens)
    {
        List<ModelFile> files = [.. WriteTexts(model, byteTokens)];
        files.Insert(1, new ModelFile("model.safetensors", Checkpoint.Write(model, parameters)));
        return files;
    }

    /// <summary>The files of <see cref="Write"/> but the weights: they follow from the model's description.</summary>
    public static IReadOnlyList<ModelFile> WriteTexts(ModelConfig model, bool byteTokens)
    {
        List<ModelFile> files = [new("config.json", Json(model.WriteJson))];
        if (model is DecoderConfig)
            files.Add(new ModelFile("generation_config.json", Json(WriteGeneration)));
        if (byteTokens)
        {
            files.Add(new ModelFile("tokenizer.json", Json(ByteTokenizerFile.WriteTokenizer)));
            files.Add(new ModelFile("tokenizer_config.json", Json(ByteTokenizerFile.WriteConfig)));
        }

        return files;
    }

    private static void Put(string name, byte[] content, Func<string, Stream> create)
    {
        using Stream stream = create(name);
        stream.Write(content);
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
