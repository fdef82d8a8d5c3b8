using System.Collections.Concurrent;
using Starling.Tests.Architecture;
using Starling.Tests.Ledger;

namespace Starling.Tests.Protocol.Encoding;

/// <summary>
/// Inputs that reach different ends of the decoders, one file per record with one input in hexadecimal per line. A
/// committed part is where every run starts from. With STARLING_FUZZ_KEEP=1 a run adds what it finds, cut down as far as the
/// end stays the same. An input that a decoder once got wrong is added by hand, and refused from then on.
/// </summary>
internal sealed class FuzzCorpus
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "vectors", "fuzz");

    private readonly ConcurrentDictionary<(Type Type, string End), byte[]> _ends = new();
    private readonly ConcurrentDictionary<Type, List<byte[]>> _inputs = new();
    private int _found;

    private FuzzCorpus()
    {
    }

    public static bool Keeps { get; } = Environment.GetEnvironmentVariable("STARLING_FUZZ_KEEP") == "1";

    /// <summary>Ends that this run was the first to reach.</summary>
    public int Found => _found;

    public int Count => _ends.Count;

    /// <summary>The committed inputs, each decoded anew, and one good encoding of every record.</summary>
    public static FuzzCorpus Load(IReadOnlyList<Sample> samples)
    {
        var corpus = new FuzzCorpus();
        foreach (var sample in samples)
        {
            corpus._inputs.GetOrAdd(sample.Type, static _ => []).Add(sample.Bytes);
            if (!File.Exists(PathOf(sample.Type)))
                continue;
            foreach (var line in File.ReadLines(PathOf(sample.Type)))
                corpus.Add(sample, Convert.FromHexString(line));
        }

        corpus._found = 0;
        return corpus;
    }

    /// <summary>An input of a record to change further.</summary>
    public byte[] Draw(Sample sample, Random random)
    {
        var inputs = _inputs[sample.Type];
        lock (inputs)
            return inputs[random.Next(inputs.Count)];
    }

    /// <summary>Decodes; keeps an input that came to an end no other came to.</summary>
    public void Add(Sample sample, byte[] bytes)
    {
        var end = FuzzEnd.Of(sample, bytes);
        if (_ends.ContainsKey((sample.Type, end)))
            return;
        var small = Keeps ? FuzzEnd.Minimise(sample, bytes, end) : bytes;
        if (!_ends.TryAdd((sample.Type, end), small))
            return;
        Interlocked.Increment(ref _found);
        var inputs = _inputs[sample.Type];
        lock (inputs)
            inputs.Add(small);
    }

    /// <summary>Writes every file anew: for each record and problem, in whatever field, the shortest input.</summary>
    public void Save()
    {
        Directory.CreateDirectory(s_folder);
        foreach (var type in _ends.GroupBy(e => e.Key.Type))
        {
            var shortest = type.GroupBy(e => FuzzEnd.Problem(e.Key.End)).Select(g => g.Select(e => e.Value).MinBy(b => b.Length)!);
            File.WriteAllLines(PathOf(type.Key), shortest.Select(Convert.ToHexStringLower).Order(StringComparer.Ordinal).Distinct());
        }
    }

    private static string PathOf(Type type) => Path.Combine(s_folder, $"{type.Name}.txt");
}
