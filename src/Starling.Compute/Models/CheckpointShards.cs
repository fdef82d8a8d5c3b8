using System.Text.Json;

namespace Starling.Compute.Models;

/// <summary>One file of a checkpoint and the tensors in it.</summary>
public sealed record CheckpointShard(string Name, IReadOnlyList<PublishedTensor> Tensors);

/// <summary>Cuts a checkpoint into files, as published ones are: in order, each as full as it gets.</summary>
public static class CheckpointShards
{
    /// <summary>One file, or several of at most so many bytes of numbers; a tensor is never cut.</summary>
    public static IReadOnlyList<CheckpointShard> Cut(ModelConfig model, long mostBytes)
    {
        List<List<PublishedTensor>> groups = [[]];
        long bytes = 0;
        foreach (PublishedTensor tensor in model.ListPublished())
        {
            if (groups[^1].Count > 0 && bytes + tensor.FileBytes > mostBytes)
            {
                groups.Add([]);
                bytes = 0;
            }

            groups[^1].Add(tensor);
            bytes += tensor.FileBytes;
        }

        return groups.Count == 1
            ? [new CheckpointShard(CheckpointFiles.Single, groups[0])]
            : [.. groups.Select((group, i) => new CheckpointShard($"model-{i + 1:D5}-of-{groups.Count:D5}.safetensors", group))];
    }

    /// <summary>The index of several files: model.safetensors.index.json.</summary>
    internal static void WriteIndex(Utf8JsonWriter writer, IReadOnlyList<CheckpointShard> shards)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        writer.WriteNumber("total_size", shards.Sum(shard => shard.Tensors.Sum(tensor => tensor.FileBytes)));
        writer.WriteEndObject();
        writer.WriteStartObject("weight_map");
        foreach (CheckpointShard shard in shards)
            foreach (PublishedTensor tensor in shard.Tensors)
                writer.WriteString(tensor.Name, shard.Name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
