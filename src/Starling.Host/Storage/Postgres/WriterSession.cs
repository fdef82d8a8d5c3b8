using System.Data;
using Npgsql;
using Starling.Host.Ports;
using Starling.Protocol;

namespace Starling.Host.Storage.Postgres;

/// <summary>
/// The right to write one log. It is held by an epoch in the database, not by a connection: a connection that breaks is
/// made again and goes on, and after a takeover nothing of the old epoch is ever taken. A lock of the session tells a
/// candidate that a writer's process is gone before its lease has run out.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class WriterSession : IDisposable
{
    private const string LockName = "SELECT pg_try_advisory_lock(hashtext($1))";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly PostgresAddress _address;
    private readonly WriterTerms _terms;
    private readonly TimeProvider _time;
    private readonly ManualResetEventSlim _stopped = new();
    private readonly long _epoch;
    private NpgsqlConnection _connection;
    private long _serial;

    private WriterSession(
        PostgresAddress address, WriterTerms terms, TimeProvider time, NpgsqlConnection connection, long epoch, long serial)
    {
        (_address, _terms, _time, _connection) = (address, terms, time, connection);
        (_epoch, _serial) = (epoch, serial);
    }

    /// <summary>Takes the log over, or gives null while another writer holds it.</summary>
    /// <exception cref="StorageException">The database does not answer, or is not this network's.</exception>
    public static WriterSession? TryTake(PostgresAddress address, ChainId chain, WriterTerms terms, TimeProvider time)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = Connect(address);
            PostgresSchema.Prepare(connection, address, chain);
            if (IsFree(connection, address, terms) && Epoch(connection, address) is var (epoch, serial))
            {
                var session = new WriterSession(address, terms, time, connection, epoch, serial);
                connection = null;
                return session;
            }

            return null;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw PostgresFailure.Name(e, address.Place);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    /// <summary>Commits the commands in one transaction, over as many connections as it takes.</summary>
    /// <exception cref="StorageException">Nothing was kept; or, when the database stayed away, the outcome is unknown.</exception>
    public void Commit(Action<NpgsqlBatch> fill)
    {
        var (started, inDoubt) = (_time.GetTimestamp(), false);
        while (true)
        {
            try
            {
                if (_connection.State != ConnectionState.Open)
                    Reconnect();
                if (!inDoubt || !WasKept())
                    Send(fill);
                _serial++;
                return;
            }
            catch (Exception e) when (PostgresFailure.IsLost(e))
            {
                inDoubt = true;
                _connection.Dispose();
                if (_time.GetElapsedTime(started) > _terms.Patience || _stopped.Wait(s_pause))
                    throw PostgresFailure.Name(e, _address.Place);
            }
            catch (PostgresException e)
            {
                throw PostgresFailure.Name(e, _address.Place);
            }
        }
    }

    /// <summary>Says that this writer is there; false when another has taken over.</summary>
    public bool Beat()
    {
        try
        {
            if (_connection.State != ConnectionState.Open)
                Reconnect();
            using var command = Command(
                $"UPDATE {_address.Schema}.writer SET renewed = clock_timestamp() WHERE epoch = $1", _epoch);
            return command.ExecuteNonQuery() == 1;
        }
        catch (StorageException e) when (e.Fault == StorageFault.Fenced)
        {
            return false;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // The next one tries again; a commit says so when it lasts.
            _connection.Dispose();
            return true;
        }
    }

    /// <summary>Ends a commit that is waiting for the database.</summary>
    public void Stop() => _stopped.Set();

    /// <summary>Leaves the log to the next writer at once.</summary>
    public void Dispose()
    {
        try
        {
            if (_connection.State == ConnectionState.Open)
            {
                using var command = Command($"UPDATE {_address.Schema}.writer SET session = NULL WHERE epoch = $1", _epoch);
                command.ExecuteNonQuery();
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // Then the lease runs out.
        }

        _connection.Dispose();
    }

    private static NpgsqlConnection Connect(PostgresAddress address)
    {
        var settings = new NpgsqlConnectionStringBuilder(address.Settings.ToString())
        {
            Pooling = false,
            Timeout = 2,
            CommandTimeout = 3,
            TcpKeepAlive = true,
        };
        var connection = new NpgsqlConnection(settings.ToString());
        try
        {
            connection.Open();

            // A session that was stopped half way through a transaction must not hold up who comes after it; and a commit
            // that was acknowledged is on disk, whatever the server's own setting.
            using var command = new NpgsqlCommand(
                "SET idle_in_transaction_session_timeout = '2s'; SET lock_timeout = '5s'; "
                + "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
                connection);
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes the session's lock if the holder is gone or has been silent for too long.</summary>
    private static bool IsFree(NpgsqlConnection connection, PostgresAddress address, WriterTerms terms)
    {
        var locked = TryLock(connection, address);
        using var command = new NpgsqlCommand(
            $"SELECT session, extract(epoch FROM clock_timestamp() - renewed)::float8 FROM {address.Schema}.writer", connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        var holder = reader.IsDBNull(0) ? (int?)null : reader.GetInt32(0);
        var silent = reader.GetDouble(1);
        reader.Close();
        if (locked)
            return holder is null || silent > terms.Absent.TotalSeconds;
        if (holder is null || silent <= terms.Lease.TotalSeconds)
            return false;

        // Its session goes with whatever it left half done; the lock comes free when the server has ended it.
        using var end = new NpgsqlCommand("SELECT pg_terminate_backend($1)", connection) { Parameters = { new() { Value = holder } } };
        end.ExecuteNonQuery();
        return TryLock(connection, address);
    }

    private static bool TryLock(NpgsqlConnection connection, PostgresAddress address)
    {
        using var command = new NpgsqlCommand(LockName, connection) { Parameters = { new() { Value = address.Schema + " writer" } } };
        return (bool)command.ExecuteScalar()!;
    }

    /// <summary>Opens an epoch of this session's own.</summary>
    private static (long Epoch, long Serial) Epoch(NpgsqlConnection connection, PostgresAddress address)
    {
        using var command = new NpgsqlCommand(
            $"UPDATE {address.Schema}.writer SET epoch = epoch + 1, session = pg_backend_pid(), renewed = clock_timestamp() "
            + "RETURNING epoch, serial", connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>
    /// Goes on over another connection. The session before may still be at work on a commit that this side gave up: it is
    /// ended first, and is gone when its lock is free, so that nothing is looked up before its outcome stands.
    /// </summary>
    private void Reconnect()
    {
        _connection.Dispose();
        _connection = Connect(_address);
        using var end = Command(
            $"SELECT pg_terminate_backend(session) FROM {_address.Schema}.writer WHERE epoch = $1 AND session <> pg_backend_pid()",
            _epoch);
        end.ExecuteNonQuery();
        if (!TryLock(_connection, _address) && IsMine())
            throw new TimeoutException("the session before this one is not gone yet");
        using var command = Command($"UPDATE {_address.Schema}.writer SET session = pg_backend_pid() WHERE epoch = $1", _epoch);
        if (command.ExecuteNonQuery() == 0)
            throw PostgresFailure.Superseded(_address.Place);
    }

    private bool IsMine()
    {
        using var command = Command($"SELECT 1 FROM {_address.Schema}.writer WHERE epoch = $1", _epoch);
        return command.ExecuteScalar() is not null;
    }

    private void Send(Action<NpgsqlBatch> fill)
    {
        using var batch = new NpgsqlBatch(_connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {_address.Schema}.go_on($1, $2)")
        {
            Parameters = { new() { Value = _epoch }, new() { Value = _serial } },
        });
        fill(batch);
        batch.ExecuteNonQuery();
    }

    /// <summary>Whether the commit that was under way when the connection broke is in the database.</summary>
    private bool WasKept()
    {
        using var command = Command($"SELECT serial FROM {_address.Schema}.writer WHERE epoch = $1", _epoch);
        var serial = command.ExecuteScalar() as long? ?? throw PostgresFailure.Superseded(_address.Place);
        if (serial < _serial || serial > _serial + 1)
            throw new StorageException(
                StorageFault.Corrupt,
                $"{_address.Place} went back to an older state than it had acknowledged: bring back the server that holds the rest");
        return serial == _serial + 1;
    }

    private NpgsqlCommand Command(string sql, long argument) =>
        new(sql, _connection) { Parameters = { new() { Value = argument } } };
}
