namespace Starling.Compute.Tokens;

/// <summary>
/// Reads <c>tokenizer.json</c> as the tokenizers library writes it, for pair encoding with bytes or in the manner of
/// SentencePiece. Whatever would cut, change or join text otherwise is refused by its place in the file.
/// </summary>
internal static class TokenizerJson
{
    private const int MaxMerges = 1 << 21;

    public static TokenizerParts Read(TokenizerField root)
    {
        TokenizerField model = root["model"];
        if (model.Type is not ("BPE" or ""))
            throw model["type"].Unsupported($"is '{model.Type}'; only BPE is read");
        foreach (string key in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
            model[key].MustBeOff();
        TokenizerField cutter = root["pre_tokenizer"];
        bool bytes = cutter.Type is "ByteLevel" or "Sequence";
        TokenVocabulary vocabulary = ReadVocabulary(model["vocab"], bytes);
        PairMerges merges = ReadMerges(model["merges"], vocabulary);
        List<AddedToken> added = [.. root["added_tokens"].Items().Select(item => ReadAdded(item, item["id"].Number()))];
        ITextPieces pieces = bytes
            ? new BytePieces(model["vocab"].Path, vocabulary, merges, ReadSplits(cutter))
            {
                Composes = Composes(root["normalizer"]),
                WholeWordsFirst = model["ignore_merges"].Flag(false),
            }
            : ReadSentencePieces(root, vocabulary, merges);
        foreach (AddedToken token in added)
            vocabulary.Override(root["added_tokens"].Path, token.Text, token.Id, token.IsSpecial);
        (List<int> before, List<int> after) = ReadTemplate(root["post_processor"]);
        return new TokenizerParts(vocabulary, added, pieces) { Before = before, After = after, DropsFirstSpace = !bytes };
    }

    public static TokenVocabulary ReadVocabulary(TokenizerField json, bool bytes)
    {
        TokenVocabulary vocabulary = new();
        foreach ((string name, TokenizerField id) in json.Members())
            vocabulary.Add(
                id.Path, name, id.Number(), bytes ? ByteCharacters.Decode(name) : SentencePieces.Decode(name));
        return vocabulary.Size > 0 ? vocabulary : throw json.Malformed("must be an object with tokens");
    }

    public static AddedToken ReadAdded(TokenizerField item, int id)
    {
        item["single_word"].MustBeOff();
        string text = item["content"].Text();
        if (text.Length == 0)
            throw item["content"].Malformed("must not be empty");
        return new AddedToken(
            text, id, item["special"].Flag(false), item["lstrip"].Flag(false), item["rstrip"].Flag(false));
    }

    /// <summary>Adds one merge by its rank.</summary>
    public static void AddMerge(PairMerges merges, TokenVocabulary vocabulary, string field, string left, string right, int rank)
    {
        if (rank >= MaxMerges)
            throw TokenizerException.Malformed(field, $"there are more than {MaxMerges} merges");
        if (vocabulary.Find(left) is not { } a || vocabulary.Find(right) is not { } b
            || vocabulary.Find(left + right) is not { } both)
            throw TokenizerException.Inconsistent(field, $"merges '{left}' and '{right}', which the vocabulary lacks");
        merges.Add(a, b, rank, both);
    }

    private static PairMerges ReadMerges(TokenizerField json, TokenVocabulary vocabulary)
    {
        PairMerges merges = new();
        int rank = 0;
        foreach (TokenizerField item in json.Items())
        {
            string[] parts = item.IsText ? item.Text().Split(' ') : [.. item.Items().Select(part => part.Text())];
            if (parts.Length != 2)
                throw item.Malformed("must be two tokens");
            AddMerge(merges, vocabulary, item.Path, parts[0], parts[1], rank++);
        }

        return merges;
    }

    private static List<WordSplit> ReadSplits(TokenizerField cutter)
    {
        List<WordSplit> splits = [];
        IEnumerable<TokenizerField> steps = cutter.Type == "Sequence" ? cutter["pretokenizers"].Items() : [cutter];
        bool bytes = false;
        foreach (TokenizerField step in steps)
        {
            if (bytes)
                throw step.Unsupported("comes after ByteLevel");
            bytes = step.Type == "ByteLevel";
            if (bytes)
                step["add_prefix_space"].MustBeOff();
            if (bytes && step["use_regex"].Flag(true))
                splits.Add(WordSplit.Gpt2);
            else if (!bytes)
                splits.Add(ReadSplit(step));
        }

        return bytes ? splits : throw cutter.Unsupported("does not end with ByteLevel");
    }

    private static WordSplit ReadSplit(TokenizerField step)
    {
        if (step.Type == "Digits")
            return step["individual_digits"].Flag(false) ? WordSplit.EachDigit : WordSplit.DigitRuns;
        if (step.Type != "Split")
            throw step["type"].Unsupported($"is '{step.Type}'; Split, Digits and ByteLevel are read");
        step["invert"].MustBeOff();
        if (step["behavior"].Text("") != "Isolated")
            throw step["behavior"].Unsupported("is not 'Isolated'");
        return WordSplits.Find(step["pattern"]["Regex"].Text(""))
            ?? throw step["pattern"].Unsupported("is none of the patterns of GPT-2, Llama 3 and Qwen2");
    }

    private static bool Composes(TokenizerField normalizer) => normalizer.Type switch
    {
        "" => false,
        "NFC" => true,
        _ => throw normalizer["type"].Unsupported($"is '{normalizer.Type}'; only NFC is read"),
    };

    private static SentencePieces ReadSentencePieces(TokenizerField root, TokenVocabulary vocabulary, PairMerges merges)
    {
        TokenizerField model = root["model"], cutter = root["pre_tokenizer"];
        if (!model["byte_fallback"].Flag(false))
            throw model["byte_fallback"].Unsupported("must be true where words are not cut into bytes");
        LeadingSpace leading = cutter.Type switch
        {
            "" => ReadNormalizer(root["normalizer"]),
            "Metaspace" => ReadMetaspace(cutter),
            _ => throw cutter["type"].Unsupported($"is '{cutter.Type}'; ByteLevel, Sequence and Metaspace are read"),
        };
        if (cutter.Exists && root["normalizer"].Exists)
            throw root["normalizer"].Unsupported("beside Metaspace is not supported");
        string name = model["unk_token"].Text("");
        return new SentencePieces(model.Path, vocabulary, merges, leading, vocabulary.Find(name));
    }

    private static LeadingSpace ReadMetaspace(TokenizerField cutter)
    {
        if (cutter["replacement"].Text("\u2581") != "\u2581")
            throw cutter["replacement"].Unsupported("is not U+2581");
        if (cutter["split"].Flag(true))
            throw cutter["split"].Unsupported("must be false");
        return cutter["prepend_scheme"].Text("always") switch
        {
            "always" => LeadingSpace.Always,
            "first" => LeadingSpace.First,
            "never" => LeadingSpace.Never,
            { } other => throw cutter["prepend_scheme"].Unsupported($"is '{other}'"),
        };
    }

    /// <summary>Prepend, then spaces made visible: the older form of Metaspace.</summary>
    private static LeadingSpace ReadNormalizer(TokenizerField normalizer)
    {
        LeadingSpace leading = LeadingSpace.Never;
        bool replaces = false;
        foreach (TokenizerField step in normalizer.Type == "Sequence" ? normalizer["normalizers"].Items() : [normalizer])
            if (step.Type == "Prepend" && step["prepend"].Text() == "\u2581" && !replaces)
                leading = LeadingSpace.Prepend;
            else if (step.Type == "Replace" && step["pattern"]["String"].Text("") == " " && step["content"].Text() == "\u2581")
                replaces = true;
            else
                throw step.Unsupported("is no step of SentencePiece");
        return replaces ? leading : throw normalizer.Unsupported("does not make spaces visible");
    }

    private static (List<int> Before, List<int> After) ReadTemplate(TokenizerField processor)
    {
        List<int> before = [], after = [];
        foreach (TokenizerField step in processor.Type == "Sequence" ? processor["processors"].Items() : [processor])
        {
            if (step.Type is "" or "ByteLevel")
                continue;
            if (step.Type != "TemplateProcessing" || before.Count + after.Count > 0)
                throw step["type"].Unsupported($"is '{step.Type}'; one TemplateProcessing is read");
            bool text = false;
            foreach (TokenizerField part in step["single"].Items())
                if (part["Sequence"].Exists)
                    text = true;
                else
                    (text ? after : before).AddRange(step["special_tokens"][part["SpecialToken"]["id"].Text()]["ids"]
                        .Items().Select(id => id.Number()));
        }

        return (before, after);
    }
}
