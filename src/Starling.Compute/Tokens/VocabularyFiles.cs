using System.Text;
using System.Text.Json;

namespace Starling.Compute.Tokens;

/// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c>, which say nothing of words: the kind of model decides.</summary>
internal static class VocabularyFiles
{
    /// <param name="modelType">The model's type; gpt2 and qwen2 are known.</param>
    /// <param name="settings">The tokenizer's settings, which name added tokens.</param>
    public static TokenizerParts Read(string modelType, TokenizerField vocab, byte[] mergesText, TokenizerField settings)
    {
        WordSplit split = modelType switch
        {
            "gpt2" => WordSplit.Gpt2,
            "qwen2" => WordSplit.OneDigit,
            _ => throw TokenizerException.Unsupported(
                "vocab.json", $"does not say how a model of type {modelType} cuts words; tokenizer.json does"),
        };
        TokenVocabulary vocabulary = TokenizerJson.ReadVocabulary(vocab, bytes: true);
        PairMerges merges = ReadMerges(mergesText, vocabulary);
        BytePieces pieces = new(vocab.Path, vocabulary, merges, [split]) { Composes = modelType == "qwen2" };
        List<AddedToken> added = [];
        foreach ((string name, TokenizerField item) in settings["added_tokens_decoder"].Members())
            added.Add(TokenizerJson.ReadAdded(item, int.TryParse(name, out int id) ? id : throw item.Malformed("is no number")));
        foreach (AddedToken token in added)
            vocabulary.Override("tokenizer_config.json", token.Text, token.Id, token.IsSpecial);
        AddNamed(vocabulary, added, settings, modelType);
        return new TokenizerParts(vocabulary, added, pieces);
    }

    /// <summary>Tokens of the vocabulary that the settings, or GPT-2's habit, use as special ones.</summary>
    private static void AddNamed(TokenVocabulary vocabulary, List<AddedToken> added, TokenizerField settings, string modelType)
    {
        IEnumerable<string> names = ((string[])["bos_token", "eos_token", "pad_token", "unk_token"])
            .Select(key => settings[key]).Select(field => field.IsObject ? field["content"].Text("") : field.Text(""));
        foreach (string name in modelType == "gpt2" ? names.Append("<|endoftext|>") : names)
            if (name.Length > 0 && vocabulary.Find(name) is { } id && !added.Exists(token => token.Id == id))
            {
                added.Add(new AddedToken(name, id, IsSpecial: true, StripsLeft: false, StripsRight: false));
                vocabulary.Override("vocab.json", name, id, special: true);
            }
    }

    private static PairMerges ReadMerges(byte[] text, TokenVocabulary vocabulary)
    {
        PairMerges merges = new();
        int rank = 0, number = 0;
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            number++;
            string pair = line.TrimEnd('\r');
            if (pair.Length == 0 || (number == 1 && pair.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            string[] parts = pair.Split(' ');
            if (parts.Length != 2)
                throw TokenizerException.Malformed($"merges.txt:{number}", "must be two tokens with a space between");
            TokenizerJson.AddMerge(merges, vocabulary, $"merges.txt:{number}", parts[0], parts[1], rank++);
        }

        return merges;
    }
}
