using Microsoft.Data.Sqlite;
using Starling.Host.Ports;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Host.Storage;

/// <summary>
/// A node's store and ordered log in one SQLite file (WAL, full synchronisation), so that the log, the role's records
/// and the cursor between them can never disagree. Survives the process.
/// </summary>
public sealed class SqliteNodeStore : INodeStore, IOrderedLog
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private ulong _height;
    private Hash256? _tip;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SqliteNodeStore(string path, SqliteConnection connection)
    {
        (_path, _connection) = (path, connection);
        (_height, _tip) = SqliteLog.Tip(connection, null);
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

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="StorageException">Newer, damaged, in use, or the disk failed.</exception>
    public static SqliteNodeStore Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            SqliteSchema.Prepare(connection, path);
            return new SqliteNodeStore(path, connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFailure.Name(e, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ulong First => Guarded(() => SqliteLog.First(_connection));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> Records() => Guarded(() => SqliteRecords.Read(_connection));

    /// <inheritdoc/>
    public CommitResult Commit(StoreChanges changes) => Guarded(() =>
    {
        using var transaction = _connection.BeginTransaction();
        var (height, tip) = (_height, _tip);
        if (SqliteLog.Tip(_connection, transaction) != (height, tip))
            throw new StorageException(
                StorageFault.Fenced, $"another process has written {_path}: this one stops; let only one run on this folder");
        if (changes.First is { } first)
            Begin(transaction, first, ref height, ref tip);
        foreach (var batch in changes.Batches)
            if (Place(transaction, batch, ref height, ref tip) is not AppendResult.Accepted and var refused)
                throw new InvalidOperationException($"batch {batch.Header.Header.Height} does not continue the log: {refused}");
        var appends = new AppendResult[changes.Appends.Count];
        for (var i = 0; i < appends.Length; i++)
            appends[i] = Place(transaction, changes.Appends[i], ref height, ref tip);
        SqliteRecords.Write(_connection, transaction, changes.Records);
        transaction.Commit();
        Advance(height, tip);
        return new CommitResult(appends);
    });

    /// <inheritdoc/>
    public AppendResult Append(Batch batch)
    {
        var changes = new StoreChanges();
        changes.Appends.Add(batch);
        return Commit(changes).Appends[0];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Batch> Read(ulong fromHeight, int max) =>
        Guarded(() => SqliteLog.Read(_connection, _path, Math.Max(1, fromHeight), max));

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
    public LogFinality FinalityOf(ulong height) => height <= Height ? LogFinality.Durable : LogFinality.Unknown;

    public void Dispose()
    {
        lock (_gate)
            _connection.Dispose();
    }

    /// <summary>Makes the file as good as full beyond so many pages: how tests meet a full disk.</summary>
    internal void LimitPages(int pages) => Guarded(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count={pages}";
        return command.ExecuteScalar();
    });

    private void Begin(SqliteTransaction transaction, Batch first, ref ulong height, ref Hash256? tip)
    {
        if (height > 0)
            throw new InvalidOperationException($"the log is at height {height}: it cannot begin at {first.Header.Header.Height}");
        (height, tip) = (first.Header.Header.Height, first.Header.Hash);
        SqliteLog.Insert(_connection, transaction, height, first.Header.Hash, RecordCodec.Encode(first));
    }

    private AppendResult Place(SqliteTransaction transaction, Batch batch, ref ulong height, ref Hash256? tip)
    {
        var header = batch.Header.Header;
        if (header.Height <= height)
            return SqliteLog.HashAt(_connection, transaction, header.Height) == batch.Header.Hash
                ? AppendResult.Accepted
                : AppendResult.HeightTaken;
        if (header.Height != height + 1)
            return AppendResult.Gap;
        if (tip is { } previous && header.Previous != previous)
            return AppendResult.NotChained;
        SqliteLog.Insert(_connection, transaction, header.Height, batch.Header.Hash, RecordCodec.Encode(batch));
        (height, tip) = (header.Height, batch.Header.Hash);
        return AppendResult.Accepted;
    }

    private void Advance(ulong height, Hash256? tip)
    {
        if (height == _height)
            return;
        (_height, _tip) = (height, tip);
        var grown = _grown;
        _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        grown.SetResult();
    }

    private T Guarded<T>(Func<T> action)
    {
        lock (_gate)
        {
            try
            {
                return action();
            }
            catch (SqliteException e)
            {
                throw SqliteFailure.Name(e, _path);
            }
        }
    }
}
