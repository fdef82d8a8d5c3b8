namespace Starling.Compute.Tensors;

/// <summary>Element types of the safetensors format, by the names that it uses.</summary>
internal static class SafetensorsType
{
    public const string Float32 = "F32", Float16 = "F16", BrainFloat16 = "BF16";

    /// <summary>Bytes of an element; 0 for a type that is unknown or packs elements into less than a byte.</summary>
    public static int BytesOf(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" => 1,
        "U16" or "I16" or Float16 or BrainFloat16 => 2,
        "U32" or "I32" or Float32 => 4,
        "U64" or "I64" or "F64" or "C64" => 8,
        _ => 0,
    };

    /// <summary>Whether every value of the type is exactly an fp32 value and is read.</summary>
    public static bool IsReadable(string type) => type is Float32 or Float16 or BrainFloat16;
}
