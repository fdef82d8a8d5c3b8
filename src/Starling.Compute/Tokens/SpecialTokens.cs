namespace Starling.Compute.Tokens;

/// <summary>Finds the tokens that begin and end a text in the files of a model's folder.</summary>
internal static class SpecialTokens
{
    /// <summary>The first of the sources that names one.</summary>
    public static int? Begin(TokenVocabulary vocabulary, TokenizerField settings, params ReadOnlySpan<TokenizerField> models)
    {
        foreach (TokenizerField model in models)
            if (model["bos_token_id"].Exists)
                return Ids(model["bos_token_id"]) is [int id, ..] ? id : null;
        return Named(vocabulary, settings["bos_token"]);
    }

    public static IReadOnlyList<int> End(TokenVocabulary vocabulary, TokenizerField settings, params ReadOnlySpan<TokenizerField> models)
    {
        foreach (TokenizerField model in models)
            if (model["eos_token_id"].Exists)
                return Ids(model["eos_token_id"]);
        return Named(vocabulary, settings["eos_token"]) is { } id ? [id] : [];
    }

    private static int[] Ids(TokenizerField field)
    {
        int[] ids = field.IsNumber ? [field.Number()] : [.. field.Items().Select(item => item.Number())];
        return Array.TrueForAll(ids, id => id >= 0) ? ids : throw field.Malformed("must not be negative");
    }

    private static int? Named(TokenVocabulary vocabulary, TokenizerField field)
    {
        string name = field.IsObject ? field["content"].Text() : field.Text("");
        if (name.Length == 0)
            return null;
        return vocabulary.Find(name)
            ?? throw TokenizerException.Inconsistent(field.Path, $"names '{name}', which the vocabulary lacks");
    }
}
