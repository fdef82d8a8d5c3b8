using System.Text;

namespace Starling.Compute.Tokens;

/// <summary>
/// Reads <c>tokenizer.model</c>: SentencePiece's own file (sentencepiece_model.proto), for pair encoding as Llama 2 has
/// it. Its scores give the order of merges: the pair whose token scores best merges first.
/// </summary>
internal static class SentencePieceModel
{
    private const string File = "tokenizer.model";
    private const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Byte = 6;
    private const int PairEncoding = 2;

    public static TokenizerParts Read(ReadOnlySpan<byte> message)
    {
        List<Piece> pieces = [];
        Settings settings = new();
        ProtoReader reader = new(message, File);
        while (reader.Next())
            if (reader.Number == 1)
                pieces.Add(ReadPiece(reader.Bytes));
            else if (reader.Number == 2)
                ReadTrainer(reader.Bytes, settings);
            else if (reader.Number == 3)
                ReadNormalizer(reader.Bytes, settings);
        if (pieces.Count is 0 or > TokenVocabulary.MaxTokens)
            throw TokenizerException.Malformed(File, $"must hold 1 to {TokenVocabulary.MaxTokens} pieces");
        settings.Check();
        return Build(pieces, settings);
    }

    private static TokenizerParts Build(List<Piece> pieces, Settings settings)
    {
        TokenVocabulary vocabulary = new();
        List<AddedToken> added = [];
        int? unknown = null, begin = null;
        for (int id = 0; id < pieces.Count; id++)
        {
            Piece piece = pieces[id];
            byte[]? bytes = piece.Kind is Normal or UserDefined or Byte ? SentencePieces.Decode(piece.Text) : null;
            vocabulary.Add($"{File}: piece {id}", piece.Text, id, bytes);
            unknown = piece.Kind == Unknown ? id : unknown;
            begin = piece.Kind == Control && piece.Text == "<s>" ? id : begin;
            if (piece.Text.Length > 0 && piece.Kind is Control or UserDefined)
                added.Add(new AddedToken(piece.Text, id, piece.Kind == Control, StripsLeft: false, StripsRight: false));
        }

        SentencePieces encoder = new(
            File, vocabulary, MergesOf(pieces, vocabulary), settings.AddsSpace ? LeadingSpace.Prepend : LeadingSpace.Never, unknown);
        return new TokenizerParts(vocabulary, added, encoder)
        {
            Before = begin is { } token ? [token] : [],
            DropsFirstSpace = settings.AddsSpace,
        };
    }

    /// <summary>Every way to cut a piece into two pieces, ranked by the score of the whole.</summary>
    private static PairMerges MergesOf(List<Piece> pieces, TokenVocabulary vocabulary)
    {
        PairMerges merges = new();
        int[] order = [.. Enumerable.Range(0, pieces.Count)
            .Where(id => pieces[id].Kind == Normal).OrderByDescending(id => pieces[id].Score)];
        int rank = -1;
        float score = float.NaN;
        foreach (int id in order)
        {
            if (pieces[id].Score != score)
                (rank, score) = (rank + 1, pieces[id].Score);
            string text = pieces[id].Text;
            for (int cut = 1; cut < text.Length; cut++)
                if (vocabulary.Find(text[..cut]) is { } left && vocabulary.Find(text[cut..]) is { } right
                    && pieces[left].Kind == Normal && pieces[right].Kind == Normal)
                    merges.Add(left, right, rank, id);
        }

        return merges;
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> message)
    {
        Piece piece = new("", 0, Normal);
        ProtoReader reader = new(message, File);
        while (reader.Next())
            piece = reader.Number switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(reader.Bytes) },
                2 => piece with { Score = reader.Single },
                3 => piece with { Kind = (int)Math.Min(reader.Whole, int.MaxValue) },
                _ => piece,
            };
        return piece;
    }

    private static void ReadTrainer(ReadOnlySpan<byte> message, Settings settings)
    {
        ProtoReader reader = new(message, File);
        while (reader.Next())
            if (reader.Number == 3)
                settings.ModelType = reader.Whole;
            else if (reader.Number == 35)
                settings.FallsBackToBytes = reader.Whole != 0;
    }

    private static void ReadNormalizer(ReadOnlySpan<byte> message, Settings settings)
    {
        ProtoReader reader = new(message, File);
        while (reader.Next())
            if (reader.Number == 2)
                settings.Normalises = !reader.Bytes.IsEmpty;
            else if (reader.Number == 3)
                settings.AddsSpace = reader.Whole != 0;
            else if (reader.Number == 4)
                settings.RemovesSpaces = reader.Whole != 0;
    }

    private sealed record Piece(string Text, float Score, int Kind);

    /// <summary>What the file says of training and normalisation, with the defaults of its definition.</summary>
    private sealed class Settings
    {
        public ulong ModelType { get; set; } = 1;

        public bool FallsBackToBytes { get; set; }

        public bool Normalises { get; set; }

        public bool AddsSpace { get; set; } = true;

        public bool RemovesSpaces { get; set; } = true;

        public void Check()
        {
            if (ModelType != PairEncoding)
                throw TokenizerException.Unsupported($"{File}: trainer_spec.model_type", "is not BPE");
            if (!FallsBackToBytes)
                throw TokenizerException.Unsupported($"{File}: trainer_spec.byte_fallback", "must be true");
            if (Normalises)
                throw TokenizerException.Unsupported($"{File}: normalizer_spec.precompiled_charsmap", "is not supported");
            if (RemovesSpaces)
                throw TokenizerException.Unsupported($"{File}: normalizer_spec.remove_extra_whitespaces", "must be false");
        }
    }
}
