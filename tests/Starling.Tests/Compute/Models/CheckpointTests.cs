using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Models;

public class CheckpointTests
{
    private static readonly MlpConfig Small = new() { InputSize = 3, HiddenSizes = [], Labels = 2 };

    private const string W = """ "layers.0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]} """;
    private const string B = """ "layers.0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]} """;

    public static TheoryData<string> Models => ["llama", "tied llama", "gpt2", "qwen2", "biased llama", "mlp"];

    [Theory]
    [MemberData(nameof(Models))]
    public void RoundTripKeepsEveryBitAndWritesTheSameBytes(string name)
    {
        ModelConfig model = ModelOf(name);
        using TensorMemory memory = Filled(model), back = new(model.CreateLayout());
        byte[] file = Checkpoint.Write(model, memory);
        Assert.Null(Checkpoint.Read(model, file, back));
        Assert.Equal(file, Checkpoint.Write(model, back));
        Assert.Equal(StateBlob.Encode(memory), StateBlob.Encode(back));
    }

    [Fact]
    public void TheHeaderIsWhatOtherToolsWrite()
    {
        using TensorMemory memory = new(Small.CreateLayout());
        byte[] file = Checkpoint.Write(Small, memory);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"layers.0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"layers.0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}""",
            Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 32, file.Length);
    }

    [Fact]
    public void Gpt2IsPublishedWithItsInputsFirstAndItsAttentionFused()
    {
        DecoderConfig config = TinyModels.Gpt2();
        IReadOnlyList<PublishedTensor> tensors = config.ListPublished();
        Assert.Equal(2 + (2 * 12) + 2, tensors.Count);
        PublishedTensor attention = tensors.Single(t => t.Name == "transformer.h.1.attn.c_attn.weight");
        Assert.Equal((new Starling.Arithmetic.Shape(12, 36), true), (attention.Shape, attention.Transposed));

        using TensorMemory memory = Filled(config);
        byte[] file = Checkpoint.Write(config, memory);
        Assert.Null(SafetensorsFile.Open(new MemoryBytes(file), out SafetensorsFile? opened));
        SafetensorsEntry entry = opened!.Entries.Single(e => e.Name == attention.Name);
        var values = new float[entry.Elements];
        opened.Read(entry, 0, values);
        Assert.Equal(memory["transformer.h.1.attn.q_proj.weight"].Row(2)[5], values[(5 * 36) + 2]);
        Assert.Equal(memory["transformer.h.1.attn.k_proj.weight"].Row(11)[0], values[12 + 11]);
        Assert.Equal(memory["transformer.h.1.attn.v_proj.weight"].Row(0)[11], values[(11 * 36) + 24]);
    }

    [Theory]
    [InlineData("{" + W + "," + B + "}", 32, null)]
    [InlineData("{" + W + "}", 24, TensorProblemCode.Missing)]
    [InlineData("{" + W + "," + B + ",\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[32,36]}}", 36, TensorProblemCode.Unexpected)]
    [InlineData("""{"layers.0.weight":{"dtype":"I32","shape":[2,3],"data_offsets":[0,24]}}""", 24, TensorProblemCode.UnsupportedType)]
    [InlineData("""{"layers.0.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"layers.0.weight":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"layers.0.weight":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}""", 0, TensorProblemCode.BadShape)]
    [InlineData("""{"layers.0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,25]}}""", 25, TensorProblemCode.BadOffsets)]
    public void WhatDoesNotFitTheModelIsNamed(string header, int dataBytes, TensorProblemCode? expected)
    {
        using TensorMemory memory = new(Small.CreateLayout());
        byte[] text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        Assert.Equal(expected, Checkpoint.Read(Small, file, memory)?.Code);
    }

    [Fact]
    public void NaNIsRefused()
    {
        using TensorMemory memory = Filled(Small);
        memory["layers.0.bias"].Span[1] = float.NaN;
        TensorProblem? problem = Checkpoint.Read(Small, Checkpoint.Write(Small, memory), memory);
        Assert.Equal((TensorProblemCode.NotFinite, "layers.0.bias"), (problem?.Code, problem?.Tensor));
    }

    [Fact]
    public void AnyDamageIsReportedOrHarmless()
    {
        using TensorMemory memory = Filled(Small);
        byte[] whole = Checkpoint.Write(Small, memory);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            using TensorMemory target = new(Small.CreateLayout());
            byte[] file = [.. whole];
            file[at] = value;
            _ = Checkpoint.Read(Small, file, target);
            Assert.NotNull(Checkpoint.Read(Small, file.AsMemory(0, at), target));
        });
    }

    private static ModelConfig ModelOf(string name) => name switch
    {
        "llama" => TinyModels.Llama(keyValueHeads: 2),
        "tied llama" => TinyModels.Llama() with { TieWordEmbeddings = true },
        "gpt2" => TinyModels.Gpt2(),
        "qwen2" => TinyModels.Qwen2(),
        "biased llama" => TinyModels.Scaled()[0],
        _ => Small,
    };

    private static TensorMemory Filled(ModelConfig model)
    {
        TensorMemory memory = new(model.CreateLayout());
        for (int i = 0; i < memory.Tensors.Length; i++)
            Numbers.Normal(memory.Tensors[i].Shape, 1, (uint)i).CopyTo(memory.Tensors[i].Span);
        return memory;
    }
}
