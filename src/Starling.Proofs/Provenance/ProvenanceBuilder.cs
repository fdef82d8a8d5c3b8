using System.Globalization;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Tasks;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Provenance;

/// <summary>
/// Walks from content back through the receipts that made it: model, job, data and starting weights, and on through
/// the receipt of those, to bytes that nobody at hand made. Hashes join the receipts, so nothing has to be believed:
/// a job's specification pins its inputs, and its receipt names its outputs.
/// </summary>
public sealed class ProvenanceBuilder
{
    private const int MaxJobs = 10_000;

    private readonly Dictionary<Hash256, (ReceiptReport Report, string File)> _makers = [];
    private readonly Dictionary<string, ProvenanceNode> _nodes = new(StringComparer.Ordinal);

    /// <param name="receipts">Receipts that verify; others are left out. Of several for one model the first counts.</param>
    public ProvenanceBuilder(IEnumerable<ReceiptReport> receipts)
    {
        foreach (var report in receipts.Where(static r => r.Verified).Take(MaxJobs))
            foreach (var file in report.Receipt!.Model?.Files ?? [])
                _makers.TryAdd(file.Content, (report, file.Path));
    }

    /// <summary>Whether one of the receipts made this content.</summary>
    public bool Knows(Hash256 content) => _makers.ContainsKey(content);

    /// <summary>The graph behind one content.</summary>
    /// <param name="content">A file of a model.</param>
    /// <param name="name">What to call it where no receipt made it.</param>
    public ProvenanceGraph Build(Hash256 content, string name)
    {
        _nodes.Clear();
        var root = Content(content, name, 0);
        var order = new List<ProvenanceNode>();
        Sort(root, [], order);
        order.Reverse();
        return new ProvenanceGraph(_nodes[root], order);
    }

    private string Content(Hash256 content, string name, long bytes)
    {
        var id = ProvenanceGraph.IdOf(content);
        if (_nodes.ContainsKey(id))
            return id;
        if (_makers.TryGetValue(content, out var made))
        {
            // Set first: no receipt can name its own output as its input, but a hostile graph must still end.
            _nodes[id] = new ProvenanceNode(id, ProvenanceKind.Model, made.File, [], []);
            var model = made.Report.Receipt!.Model!;
            _nodes[id] = new ProvenanceNode(
                id, ProvenanceKind.Model, made.File,
                [Fact("content", id), Fact("tensors", $"blake3 {model.TensorsBlake3}")], [Job(made.Report)]);
            return id;
        }

        List<KeyValuePair<string, string>> facts = [Fact("content", id)];
        if (bytes > 0)
            facts.Add(Fact("bytes", bytes.ToString("N0", CultureInfo.InvariantCulture)));
        facts.Add(Fact("made by", "no receipt at hand"));
        _nodes[id] = new ProvenanceNode(id, ProvenanceKind.Source, Plain(name), facts, []);
        return id;
    }

    private string Job(ReceiptReport report)
    {
        var receipt = report.Receipt!;
        var id = receipt.Job.ToString();
        if (_nodes.ContainsKey(id))
            return id;
        var spec = RecordCodec.Decode<JobSpec>(receipt.Spec);
        _nodes[id] = new ProvenanceNode(id, ProvenanceKind.Job, Plain(spec.Job.Name), [], []);
        var from = new List<string> { Content(spec.Dataset.Content, spec.Train.Dataset, spec.Dataset.Bytes) };
        if (spec.Init is { } init)
            from.Add(Content(init.Content, spec.Train.InitFrom!, init.Bytes));
        from.Add(Code());
        _nodes[id] = new ProvenanceNode(id, ProvenanceKind.Job, Plain(spec.Job.Name), Facts(report, spec), from);
        return id;
    }

    private static List<KeyValuePair<string, string>> Facts(ReceiptReport report, JobSpec spec)
    {
        var train = spec.Train;
        var audits = report.Audits!;
        var numbers = train.Model.ListParameters().Sum(static p => (long)p.Shape.Rows * p.Shape.Columns);
        return
        [
            Fact("job", report.Receipt!.Job.ToString()),
            Fact("network", report.Receipt.Header.Header.Chain.ToString()),
            Fact("specification", spec.Id.ToString()),
            Fact("model", string.Create(CultureInfo.InvariantCulture, $"{train.Model.ModelType}, {numbers:N0} numbers")),
            Fact("training", string.Create(
                CultureInfo.InvariantCulture,
                $"{train.MaxSteps} steps of {train.BatchSize}, {train.Workers} workers, merged every {train.SyncEvery}")),
            Fact("learning rate", string.Create(CultureInfo.InvariantCulture, $"{train.Rate.Peak}, seed {spec.Job.Seed}")),
            Fact("checked", $"{audits.Audited} of {audits.Tasks} results recomputed by auditors; trust: {report.TrustName}"),
        ];
    }

    /// <summary>
    /// Results follow from the versions of arithmetic and programs, and not from the build that a worker ran: a build
    /// that gives other bits is wrong, and audits find it. So versions are what a receipt can vouch for.
    /// </summary>
    private string Code()
    {
        var id = $"arithmetic {TaskPrograms.ArithmeticVersion}, programs {TaskPrograms.Version}";
        _nodes.TryAdd(id, new ProvenanceNode(id, ProvenanceKind.Code, "Starling", [Fact("versions", id)], []));
        return id;
    }

    /// <summary>Depth first, so that reversed each node stands before all that it was made from.</summary>
    private void Sort(string id, HashSet<string> seen, List<ProvenanceNode> order)
    {
        if (!seen.Add(id))
            return;
        foreach (var from in _nodes[id].From.Reverse())
            Sort(from, seen, order);
        order.Add(_nodes[id]);
    }

    // Names come from other people's files: they must not steer a terminal.
    private static string Plain(string name) => new([.. name.Select(static c => char.IsControl(c) ? '?' : c)]);

    private static KeyValuePair<string, string> Fact(string name, string value) => new(name, value);
}
