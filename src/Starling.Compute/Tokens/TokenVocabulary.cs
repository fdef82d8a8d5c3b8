using System.Text;

namespace Starling.Compute.Tokens;

/// <summary>The tokens of a tokenizer: their names in its file, and the bytes that each stands for.</summary>
internal sealed class TokenVocabulary
{
    public const int MaxTokens = 1 << 20;
    private const int MaxNameLength = 1 << 13;

    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<byte[]?> bytes = [];

    /// <summary>One more than the largest token.</summary>
    public int Size => bytes.Count;

    public int? Find(string name) => ids.TryGetValue(name, out int id) ? id : null;

    /// <summary>Adds a token that stands for these bytes; null for none.</summary>
    /// <exception cref="TokenizerException">The number is out of bounds, or another token has number or name.</exception>
    public void Add(string field, string name, int id, byte[]? value)
    {
        if (id is < 0 or >= MaxTokens || name.Length > MaxNameLength)
            throw TokenizerException.Malformed(field, $"has a token number outside 0 to {MaxTokens - 1} or a name that is too long");
        if (!ids.TryAdd(name, id))
            throw TokenizerException.Inconsistent(field, $"names '{name}' twice");
        while (bytes.Count <= id)
            bytes.Add(null);
        if (bytes[id] is not null)
            throw TokenizerException.Inconsistent(field, $"gives the number {id} twice");
        bytes[id] = value ?? [];
    }

    /// <summary>Adds a token beside the vocabulary, or changes what one of the same name and number stands for.</summary>
    public void Override(string field, string name, int id, bool special)
    {
        byte[] value = special ? [] : Encoding.UTF8.GetBytes(name);
        if (Find(name) is not { } known)
            Add(field, name, id, value);
        else if (known == id)
            bytes[id] = value;
        else
            throw TokenizerException.Inconsistent(field, $"gives '{name}' the number {id}; the vocabulary gives {known}");
    }

    public ReadOnlySpan<byte> BytesOf(int token) => (uint)token < bytes.Count ? bytes[token] : [];
}
