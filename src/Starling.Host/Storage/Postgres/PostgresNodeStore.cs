using Npgsql;
using NpgsqlTypes;
using Starling.Host.Ports;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Host.Storage.Postgres;

/// <summary>
/// A sequencer's store and ordered log in PostgreSQL. Survives the machine where the database has a synchronous standby.
/// One process at a time holds it; another may wait to take over (<see cref="TryOpen"/>), and whoever was replaced finds
/// its next commit refused (<see cref="StorageFault.Fenced"/>).
/// </summary>
public sealed class PostgresNodeStore : INodeStore, IOrderedLog
{
    private readonly Lock _gate = new();
    private readonly WriterSession _writer;
    private readonly PostgresReader _reader;
    private readonly string _schema;
    private readonly string _place;
    private readonly LogFinality _finality;
    private readonly ITimer _beats;
    private readonly Action<StorageException> _lost;
    private ulong _height;
    private Hash256? _tip;
    private bool _disposed;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PostgresNodeStore(
        WriterSession writer, PostgresReader reader, PostgresAddress address, WriterTerms terms, TimeProvider time,
        Action<StorageException> lost)
    {
        (_writer, _reader, _schema, _place, _lost) = (writer, reader, address.Schema, address.Place, lost);
        (_height, _tip) = reader.Tip();
        _finality = reader.HasStandby() ? LogFinality.Final : LogFinality.Durable;
        _beats = time.CreateTimer(_ => Beat(), null, terms.Beat, terms.Beat);
    }

    /// <inheritdoc/>
    public IOrderedLog Log => this;

    /// <inheritdoc/>
    public ulong Height
    {
        get
        {
            lock (_gate)
                return _height;
        }
    }

    /// <summary>Takes the log over, or gives null while another process holds it.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="chain">The network; a new log is made for it.</param>
    /// <param name="terms">When a writer counts as gone.</param>
    /// <param name="time">Paces beats and patience.</param>
    /// <param name="lost">Told once, from any thread, when another has taken over while this one was idle.</param>
    /// <exception cref="StorageException">The database does not answer, or does not hold this network's log.</exception>
    public static PostgresNodeStore? TryOpen(
        PostgresAddress address, ChainId chain, WriterTerms terms, TimeProvider time, Action<StorageException> lost)
    {
        if (WriterSession.TryTake(address, chain, terms, time) is not { } writer)
            return null;
        var reader = new PostgresReader(address);
        try
        {
            return new PostgresNodeStore(writer, reader, address, terms, time, lost);
        }
        catch
        {
            reader.Dispose();
            writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ulong First => _reader.First();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> Records() => _reader.Records();

    /// <inheritdoc/>
    public CommitResult Commit(StoreChanges changes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var (height, tip) = (_height, _tip);
            var rows = new List<Batch>();
            if (changes.First is { } first)
            {
                if (height > 0)
                    throw new InvalidOperationException($"the log is at height {height}: it cannot begin at {first.Header.Header.Height}");
                rows.Add(first);
                (height, tip) = (first.Header.Header.Height, first.Header.Hash);
            }

            foreach (var batch in changes.Batches)
                if (Place(batch, rows, ref height, ref tip) is not AppendResult.Accepted and var refused)
                    throw new InvalidOperationException($"batch {batch.Header.Header.Height} does not continue the log: {refused}");
            var appends = new AppendResult[changes.Appends.Count];
            for (var i = 0; i < appends.Length; i++)
                appends[i] = Place(changes.Appends[i], rows, ref height, ref tip);
            _writer.Commit(batch => Fill(batch, rows, changes.Records));
            Advance(height, tip);
            return new CommitResult(appends);
        }
    }

    /// <inheritdoc/>
    public AppendResult Append(Batch batch)
    {
        var changes = new StoreChanges();
        changes.Appends.Add(batch);
        return Commit(changes).Appends[0];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Batch> Read(ulong fromHeight, int max) => _reader.Read(Math.Max(1, fromHeight), max);

    /// <inheritdoc/>
    public async Task WaitBeyond(ulong height, CancellationToken cancel)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_height > height)
                    return;
                grown = _grown.Task;
            }

            await grown.WaitAsync(cancel);
        }
    }

    /// <inheritdoc/>
    public LogFinality FinalityOf(ulong height) => height <= Height ? _finality : LogFinality.Unknown;

    public void Dispose()
    {
        _writer.Stop();
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _beats.Dispose();
            _writer.Dispose();
            _reader.Dispose();
        }
    }

    // Only this process writes while its epoch lasts, so what it knows of the log's end is so, or the commit is refused.
    private AppendResult Place(Batch batch, List<Batch> rows, ref ulong height, ref Hash256? tip)
    {
        var header = batch.Header.Header;
        if (header.Height <= height)
        {
            var there = rows.Find(r => r.Header.Header.Height == header.Height)?.Header.Hash ?? _reader.HashAt(header.Height);
            return there == batch.Header.Hash ? AppendResult.Accepted : AppendResult.HeightTaken;
        }

        if (header.Height != height + 1)
            return AppendResult.Gap;
        if (tip is { } previous && header.Previous != previous)
            return AppendResult.NotChained;
        rows.Add(batch);
        (height, tip) = (header.Height, batch.Header.Hash);
        return AppendResult.Accepted;
    }

    private void Fill(NpgsqlBatch commands, List<Batch> rows, Dictionary<string, byte[]?> records)
    {
        foreach (var batch in rows)
            commands.BatchCommands.Add(new NpgsqlBatchCommand($"INSERT INTO {_schema}.log VALUES ($1, $2, $3)")
            {
                Parameters =
                {
                    new() { Value = (long)batch.Header.Header.Height },
                    Bytes(batch.Header.Hash.ToArray()),
                    Bytes(RecordCodec.Encode(batch)),
                },
            });
        foreach (var (key, value) in records)
            commands.BatchCommands.Add(value is null
                ? new NpgsqlBatchCommand($"DELETE FROM {_schema}.records WHERE key = $1") { Parameters = { new() { Value = key } } }
                : new NpgsqlBatchCommand(
                    $"INSERT INTO {_schema}.records VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
                {
                    Parameters = { new() { Value = key }, Bytes(value) },
                });
    }

    private static NpgsqlParameter Bytes(byte[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private void Advance(ulong height, Hash256? tip)
    {
        if (height == _height)
            return;
        (_height, _tip) = (height, tip);
        var grown = _grown;
        _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        grown.SetResult();
    }

    // A commit under way says as much as a beat does.
    private void Beat()
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            if (_disposed || _writer.Beat())
                return;
            _beats.Dispose();
        }
        finally
        {
            _gate.Exit();
        }

        _lost(PostgresFailure.Superseded(_place));
    }
}
