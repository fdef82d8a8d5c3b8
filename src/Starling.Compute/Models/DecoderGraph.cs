using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;

namespace Starling.Compute.Models;

/// <summary>Row counts of one decoder graph; prefill, decoding and training differ only in these.</summary>
/// <param name="QueryRows">New rows per sequence.</param>
/// <param name="KeyRows">Rows of keys per sequence: the same in training, the cache's capacity otherwise.</param>
/// <param name="Cached">Whether keys and values come from a cache that this graph extends.</param>
internal readonly record struct DecoderRows(int Sequences, int QueryRows, int KeyRows, bool Cached)
{
    public int Rows => checked(Sequences * QueryRows);

    public static DecoderRows Training(int sequences, int length) => new(sequences, length, length, false);
}

/// <summary>Builds any decoder-only transformer from its <see cref="DecoderArchitecture"/>.</summary>
internal sealed class DecoderGraph
{
    private readonly ModelBuilder model;
    private readonly GraphBuilder graph;
    private readonly DecoderConfig config;
    private readonly DecoderArchitecture names;
    private readonly DecoderRows rows;
    private readonly Value positions;

    private DecoderGraph(ModelBuilder model, DecoderConfig config, DecoderRows rows)
    {
        this.model = model;
        this.config = config;
        this.rows = rows;
        graph = model.Graph;
        names = config.Architecture;
        positions = graph.Input(InputNames.Positions, new Shape(rows.Rows, 1));
    }

    /// <summary>Logits of every row.</summary>
    public static Value Logits(ModelBuilder model, DecoderConfig config, DecoderRows rows)
    {
        DecoderGraph decoder = new(model, config, rows);
        return decoder.Head(decoder.Normed());
    }

    /// <summary>What the head reads of every row: the last hidden states, normed.</summary>
    public static Value Hidden(ModelBuilder model, DecoderConfig config, DecoderRows rows) =>
        new DecoderGraph(model, config, rows).Normed();

    /// <summary>Logits of the rows that an input of the graph names.</summary>
    public static Value RowLogits(ModelBuilder model, DecoderConfig config, DecoderRows rows, int wanted)
    {
        DecoderGraph decoder = new(model, config, rows);
        Value x = decoder.Layers();
        Value row = decoder.graph.Input(InputNames.Row, new Shape(wanted, 1));
        Value picked = decoder.graph.Apply(OperatorKind.Embedding, row, x);
        return decoder.Head(decoder.Norm(decoder.names.FinalNorm, picked));
    }

    /// <summary>Only extends the caches: nothing of the last layer but its keys and values, and no logits.</summary>
    public static void Remember(ModelBuilder model, DecoderConfig config, DecoderRows rows)
    {
        DecoderGraph decoder = new(model, config, rows);
        Value x = decoder.Embed();
        int last = config.Layers - 1;
        for (int layer = 0; layer < last; layer++)
            x = decoder.FeedForward(decoder.Attention(x, layer), layer);
        decoder.KeysAndValues(decoder.Norm(decoder.Name(last, decoder.names.InputNorm), x), last);
    }

    private Value Normed() => Norm(names.FinalNorm, Layers());

    private Value Layers()
    {
        Value x = Embed();
        for (int layer = 0; layer < config.Layers; layer++)
            x = FeedForward(Attention(x, layer), layer);
        return x;
    }

    private Value Embed()
    {
        Value ids = graph.Input(InputNames.Data, new Shape(rows.Rows, 1));
        Value x = graph.Apply(OperatorKind.Embedding, ids, EmbeddingTable());
        if (names.Positions != PositionKind.Learned)
            return x;
        Value table = Weight(names.PositionEmbedding, config.MaxPositions, config.HiddenSize);
        return graph.Add(x, graph.Apply(OperatorKind.Embedding, positions, table));
    }

    private Value Attention(Value x, int layer)
    {
        int width = config.Heads * config.HeadSize;
        Value normed = Norm(Name(layer, names.InputNorm), x);
        Value query = Rotate(Project(Name(layer, names.Query), normed, width, config.AttentionInputBias), config.Heads);
        (Value key, Value value) = KeysAndValues(normed, layer);
        Operator attention = new(OperatorKind.Attention)
        {
            Heads = config.Heads,
            KeyHeads = config.KeyValueHeads,
            HeadSize = config.HeadSize,
            QueryRows = rows.QueryRows,
            KeyRows = rows.KeyRows,
            Factor = config.RopeScaling?.ScoreFactor(config.HeadSize) ?? 0,
        };
        Value mixed = graph.Apply(attention, query, key, value, positions);
        return graph.Add(x, Output(Name(layer, names.AttentionOutput), mixed, config.AttentionOutputBias));
    }

    private (Value Key, Value Value) KeysAndValues(Value normed, int layer)
    {
        int width = config.KeyValueHeads * config.HeadSize;
        Value key = Rotate(
            Project(Name(layer, names.Key), normed, width, config.AttentionInputBias), config.KeyValueHeads);
        Value value = Project(Name(layer, names.Value), normed, width, config.AttentionInputBias);
        return rows.Cached
            ? (Remember(InputNames.KeyCache(layer), key), Remember(InputNames.ValueCache(layer), value))
            : (key, value);
    }

    private Value FeedForward(Value x, int layer)
    {
        Value normed = Norm(Name(layer, names.FeedForwardNorm), x);
        Value up = Project(Name(layer, names.Up), normed, config.IntermediateSize, config.FeedForwardBias);
        Value inner = names.FeedForward == FeedForwardKind.Gelu
            ? graph.Apply(OperatorKind.Gelu, up)
            : graph.Apply(
                OperatorKind.SwiGlu,
                Project(Name(layer, names.Gate), normed, config.IntermediateSize, config.FeedForwardBias),
                up);
        return graph.Add(x, Output(Name(layer, names.Down), inner, config.FeedForwardBias));
    }

    private Value Head(Value normed)
    {
        Value table = config.TieWordEmbeddings
            ? EmbeddingTable()
            : Weight(names.Head, config.VocabularySize, config.HiddenSize);
        return graph.Linear(normed, table);
    }

    private Value EmbeddingTable() => Weight(names.TokenEmbedding, config.VocabularySize, config.HiddenSize);

    private Value Weight(string name, int outputs, int inputs) =>
        model.Matrix(name + ".weight", outputs, inputs, config.InitializerRange);

    private Value Norm(string name, Value x)
    {
        Value gain = model.Gain(name + ".weight", config.HiddenSize);
        return names.Norm == NormKind.Rms
            ? graph.Apply(new Operator(OperatorKind.RmsNorm) { Epsilon = config.NormEpsilon }, x, gain)
            : graph.Apply(
                new Operator(OperatorKind.LayerNorm) { Epsilon = config.NormEpsilon },
                x, gain, model.Bias(name + ".bias", config.HiddenSize));
    }

    private Value Project(string name, Value x, int outputs, bool bias)
    {
        Value y = graph.Linear(x, Weight(name, outputs, graph.ShapeOf(x).Columns));
        return bias ? graph.AddRow(y, model.Bias(name + ".bias", outputs)) : y;
    }

    /// <summary>A projection to the residual stream: zero at first, so each layer starts as the identity.</summary>
    private Value Output(string name, Value x, bool bias)
    {
        Value y = graph.Linear(
            x, model.Matrix(name + ".weight", config.HiddenSize, graph.ShapeOf(x).Columns, deviation: 0));
        return bias ? graph.AddRow(y, model.Bias(name + ".bias", config.HiddenSize)) : y;
    }

    private Value Rotate(Value x, int heads)
    {
        if (names.Positions != PositionKind.Rotary)
            return x;
        Operator rope = new(OperatorKind.Rope) { Heads = heads, HeadSize = config.HeadSize, Base = config.RopeTheta };
        return graph.Apply(config.RopeScaling is { } scaling ? scaling.Apply(rope) : rope, x, positions);
    }

    private Value Remember(string name, Value fresh)
    {
        Shape shape = new(checked(rows.Sequences * rows.KeyRows), graph.ShapeOf(fresh).Columns);
        Operator write = new(OperatorKind.CacheWrite) { QueryRows = rows.QueryRows, KeyRows = rows.KeyRows };
        Value written = graph.Apply(write, graph.Input(name, shape), fresh, positions);
        graph.Output(InputNames.Next(name), written);
        return written;
    }

    private string Name(int layer, string part) => $"{names.LayerPrefix}{layer}.{part}";
}
