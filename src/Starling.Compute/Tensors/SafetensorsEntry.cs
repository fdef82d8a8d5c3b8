using System.Text.Json;

namespace Starling.Compute.Tensors;

/// <summary>One tensor of a safetensors file; offsets count from the first byte after the header.</summary>
internal sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Dimensions, long Begin, long End)
{
    private const int MaxDimensions = 8;

    public long Elements => (End - Begin) / SafetensorsType.BytesOf(Type);

    /// <summary>Reads one member of the header, checking that type, shape and offsets agree.</summary>
    public static TensorProblem? Read(string name, JsonElement json, out SafetensorsEntry? entry)
    {
        entry = null;
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array
            || !json.TryGetProperty("data_offsets", out JsonElement offsets)
            || offsets.ValueKind != JsonValueKind.Array)
            return TensorProblem.Of(TensorProblemCode.BadHeader, name, "lacks dtype, shape or data_offsets");
        int bytes = SafetensorsType.BytesOf(type.GetString()!);
        if (bytes == 0)
            return TensorProblem.Of(TensorProblemCode.UnsupportedType, name, $"is {type.GetString()}, a type unknown here");
        if (ReadDimensions(shape, bytes) is not ({ } dimensions, long total))
            return TensorProblem.Of(
                TensorProblemCode.BadShape, name, $"needs at most {MaxDimensions} dimensions whose product fits 63 bits");
        if (offsets.GetArrayLength() != 2 || !TryLong(offsets[0], out long begin) || !TryLong(offsets[1], out long end)
            || begin > end || end - begin != total)
            return TensorProblem.Of(
                TensorProblemCode.BadOffsets, name, $"has offsets that do not fit {total} bytes of {type.GetString()}");
        entry = new SafetensorsEntry(name, type.GetString()!, dimensions, begin, end);
        return null;
    }

    private static (long[] Dimensions, long Bytes)? ReadDimensions(JsonElement json, int elementBytes)
    {
        if (json.GetArrayLength() > MaxDimensions)
            return null;
        var dimensions = new long[json.GetArrayLength()];
        UInt128 bytes = (UInt128)elementBytes;
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (!TryLong(json[i], out dimensions[i]))
                return null;
            bytes *= (UInt128)dimensions[i];
            if (bytes > long.MaxValue)
                return null;
        }

        return (dimensions, (long)bytes);
    }

    private static bool TryLong(JsonElement json, out long value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out value) && value >= 0;
    }
}
