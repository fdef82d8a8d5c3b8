using System.Text.Json;

namespace Starling.Tests.Protocol.Hashing;

/// <summary>The official test vectors, tests/vectors/blake3.</summary>
internal sealed record Blake3Vectors(byte[] Key, string Context, Blake3Vector[] Cases)
{
    public static Blake3Vectors Load()
    {
        using var file = File.OpenRead(Find());
        using var json = JsonDocument.Parse(file);
        var root = json.RootElement;
        return new Blake3Vectors(
            System.Text.Encoding.ASCII.GetBytes(root.GetProperty("key").GetString()!),
            root.GetProperty("context_string").GetString()!,
            [.. root.GetProperty("cases").EnumerateArray().Select(Blake3Vector.Read)]);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "vectors", "blake3", "test_vectors.json");
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException("tests/vectors/blake3/test_vectors.json is in no folder above the tests");
    }
}

internal sealed record Blake3Vector(int Length, byte[] Hash, byte[] Keyed, byte[] Derived)
{
    /// <summary>The input that every vector uses: 0, 1, ... 250, 0, 1, ...</summary>
    public byte[] Input => [.. Enumerable.Range(0, Length).Select(i => (byte)(i % 251))];

    public static Blake3Vector Read(JsonElement json) => new(
        json.GetProperty("input_len").GetInt32(), Bytes(json, "hash"), Bytes(json, "keyed_hash"), Bytes(json, "derive_key"));

    private static byte[] Bytes(JsonElement json, string name) =>
        Convert.FromHexString(json.GetProperty(name).GetString()!);
}
