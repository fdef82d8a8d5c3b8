using Npgsql;
using NpgsqlTypes;
using Starling.Host.Ports;
using Starling.Protocol;

namespace Starling.Host.Storage.Postgres;

/// <summary>
/// The tables of a log and the version written beside them. One row says who may write: whoever takes over counts its
/// epoch up, and every commit first asks for its own epoch, so a writer that slept through a takeover can never append.
/// </summary>
internal static class PostgresSchema
{
    public const int Version = 1;

    private const string Tables =
        """
        CREATE SCHEMA IF NOT EXISTS {0};
        CREATE TABLE {0}.log (height bigint PRIMARY KEY, hash bytea NOT NULL, bytes bytea NOT NULL);
        CREATE TABLE {0}.records (key text PRIMARY KEY, value bytea NOT NULL);
        CREATE TABLE {0}.writer (
            one boolean PRIMARY KEY DEFAULT true CHECK (one), version int NOT NULL, chain bytea NOT NULL,
            epoch bigint NOT NULL, serial bigint NOT NULL, session int, renewed timestamptz NOT NULL);
        CREATE FUNCTION {0}.go_on(mine bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE {0}.writer SET serial = expected + 1, renewed = clock_timestamp() WHERE epoch = mine AND serial = expected;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'another writer holds the log' USING ERRCODE = 'SL001';
            END IF;
        END $$;
        """;

    /// <summary>Makes the tables where there are none, and refuses those of a newer program or of another network.</summary>
    public static void Prepare(NpgsqlConnection connection, PostgresAddress address, ChainId chain)
    {
        if (Text(connection, "SHOW fsync") == "off")
            throw new StorageException(
                StorageFault.Unavailable, $"{address.Place} runs with fsync = off and would lose what it acknowledged: switch it on");
        using var transaction = connection.BeginTransaction();

        // Of two that start at once, one makes the tables and the other finds them.
        Execute(connection, "SELECT pg_advisory_xact_lock(hashtext($1))", address.Schema + " tables");
        if (Text(connection, "SELECT to_regclass($1)::text", $"{address.Schema}.writer") is null)
            Create(connection, address, chain);
        Check(connection, address, chain);
        transaction.Commit();
    }

    private static void Create(NpgsqlConnection connection, PostgresAddress address, ChainId chain)
    {
        Execute(connection, string.Format(System.Globalization.CultureInfo.InvariantCulture, Tables, address.Schema));
        using var command = new NpgsqlCommand(
            $"INSERT INTO {address.Schema}.writer VALUES (true, $1, $2, 0, 0, NULL, 'epoch')", connection);
        command.Parameters.Add(new() { Value = Version });
        command.Parameters.Add(new() { Value = chain.Hash.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
        command.ExecuteNonQuery();
    }

    private static void Check(NpgsqlConnection connection, PostgresAddress address, ChainId chain)
    {
        using var command = new NpgsqlCommand($"SELECT version, chain FROM {address.Schema}.writer", connection);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            throw new StorageException(
                StorageFault.Corrupt, $"{address.Place} lacks its row of the writer: restore the database from a copy");
        var version = reader.GetInt32(0);
        if (version > Version)
            throw new StorageException(
                StorageFault.NewerVersion,
                $"{address.Place} has schema version {version}, this program reads up to {Version}: use the newer program that wrote it");
        var stored = new ChainId(new Protocol.Hashing.Hash256(reader.GetFieldValue<byte[]>(1)));
        if (stored != chain)
            throw new StorageException(
                StorageFault.OtherNetwork,
                $"{address.Place} holds the log of chain {stored}, not {chain}: name another schema or database");
    }

    private static void Execute(NpgsqlConnection connection, string sql, string? argument = null)
    {
        using var command = new NpgsqlCommand(sql, connection);
        if (argument is not null)
            command.Parameters.Add(new() { Value = argument });
        command.ExecuteNonQuery();
    }

    private static string? Text(NpgsqlConnection connection, string sql, string? argument = null)
    {
        using var command = new NpgsqlCommand(sql, connection);
        if (argument is not null)
            command.Parameters.Add(new() { Value = argument });
        return command.ExecuteScalar() as string;
    }
}
