using System.Text.Json;

namespace Starling.Compute.Tokens;

/// <summary>
/// Describes the byte tokenizer as a byte-level BPE without merges, which the tokenizers library loads: its vocabulary
/// names each byte by the printable character that byte-level tokenizers give it.
/// </summary>
internal static class ByteTokenizerFile
{
    public static void WriteTokenizer(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("version", "1.0");
        writer.WriteNull("truncation");
        writer.WriteNull("padding");
        writer.WriteStartArray("added_tokens");
        writer.WriteEndArray();
        writer.WriteNull("normalizer");
        WriteByteLevel(writer, "pre_tokenizer");
        writer.WriteNull("post_processor");
        WriteByteLevel(writer, "decoder");
        writer.WriteStartObject("model");
        writer.WriteString("type", "BPE");
        writer.WriteNull("dropout");
        writer.WriteNull("unk_token");
        writer.WriteNull("continuing_subword_prefix");
        writer.WriteNull("end_of_word_suffix");
        writer.WriteBoolean("fuse_unk", false);
        writer.WriteStartObject("vocab");
        for (int value = 0; value < ByteTokenizer.VocabularySize; value++)
            writer.WriteNumber(ByteCharacters.Of((byte)value).ToString(), value);
        writer.WriteEndObject();
        writer.WriteStartArray("merges");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        writer.WriteBoolean("clean_up_tokenization_spaces", false);
        writer.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", "ByteLevel");
        writer.WriteBoolean("add_prefix_space", false);
        writer.WriteBoolean("trim_offsets", true);
        writer.WriteBoolean("use_regex", false);
        writer.WriteEndObject();
    }
}
