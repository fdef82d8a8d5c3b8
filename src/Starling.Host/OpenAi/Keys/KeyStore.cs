using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Starling.Host.Ports;
using Starling.Protocol.Hashing;

namespace Starling.Host.OpenAi.Keys;

/// <summary>API keys, stored by the hash of their secret. Several processes may use one file.</summary>
public sealed class KeyStore : IDisposable
{
    private const string Prefix = "sk-star-";
    private const string Columns = "id, hint, name, budget, period, rate, models, expires, created, revoked";

    private readonly IEntropy _entropy;

    /// <param name="path">The file; made when missing.</param>
    /// <exception cref="StorageException">It cannot be used.</exception>
    public KeyStore(string path, IEntropy entropy) => (Database, _entropy) = (new KeyDatabase(path), entropy);

    internal KeyDatabase Database { get; }

    /// <summary>Makes a key; its secret is told this once. Null where the name is taken.</summary>
    public (ApiKey Key, string Secret)? Create(KeyTerms terms, DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[32];
        _entropy.Fill(random);
        var secret = Prefix + Convert.ToHexStringLower(random[..24]);
        var key = new ApiKey($"key_{Convert.ToHexStringLower(random[24..])}", secret[^4..], terms, now, null);
        CryptographicOperations.ZeroMemory(random);
        var made = Database.Write(() => Database.Run(
            """
            INSERT INTO keys (id, name, hash, hint, created, expires, budget, period, rate, models)
            VALUES ($id, $name, $hash, $hint, $created, $expires, $budget, $period, $rate, $models) ON CONFLICT (name) DO NOTHING
            """,
            ("$id", key.Id), ("$name", terms.Name), ("$hash", HashOf(secret)), ("$hint", key.Hint), ("$created", Seconds(now)),
            ("$expires", terms.Expires is { } expires ? Seconds(expires) : null), ("$budget", terms.Budget),
            ("$period", (long)terms.Period), ("$rate", (long?)terms.Rate), ("$models", string.Join('\n', terms.Models))));
        return made == 1 ? (key, secret) : null;
    }

    public IReadOnlyList<ApiKey> List() => Database.Read($"SELECT {Columns} FROM keys ORDER BY created, id", Read);

    /// <summary>The key of a secret, revoked and expired ones too; null for none.</summary>
    public ApiKey? Find(string secret) => secret.StartsWith(Prefix, StringComparison.Ordinal) && secret.Length < 128
        ? Database.Read($"SELECT {Columns} FROM keys WHERE hash = $hash", Read, ("$hash", HashOf(secret))).FirstOrDefault()
        : null;

    /// <summary>Ends a key by its id or name; false where there is none, or it had ended before.</summary>
    public bool Revoke(string key, DateTimeOffset now) => Database.Write(() => Database.Run(
        "UPDATE keys SET revoked = $now WHERE (id = $key OR name = $key) AND revoked IS NULL", ("$now", Seconds(now)), ("$key", key))) == 1;

    /// <summary>What was used from one day to another, both included.</summary>
    public IReadOnlyList<UsageRow> Usage(DateOnly from, DateOnly to, string? key) => Database.Read(
        """
        SELECT day, key, coalesce(name, key), model, requests, prompt, completion, cost FROM usage LEFT JOIN keys ON keys.id = usage.key
        WHERE day BETWEEN $from AND $to AND ($key IS NULL OR key = $key OR name = $key) ORDER BY day, name, model
        """,
        row => new UsageRow(
            DateOnly.FromDayNumber(row.GetInt32(0)), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), row.GetInt64(7)),
        ("$from", (long)from.DayNumber), ("$to", (long)to.DayNumber), ("$key", key));

    public void Dispose() => Database.Dispose();

    // A secret has 192 random bits: nothing slower than a hash is needed to protect it.
    private static byte[] HashOf(string secret) => Blake3.Hash("api key", Encoding.UTF8.GetBytes(secret)).ToArray();

    private static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static ApiKey Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1),
        new KeyTerms
        {
            Name = row.GetString(2),
            Budget = row.IsDBNull(3) ? null : row.GetInt64(3),
            Period = (BudgetPeriod)row.GetInt32(4),
            Rate = row.IsDBNull(5) ? null : row.GetInt32(5),
            Models = row.GetString(6).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Expires = row.IsDBNull(7) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(7)),
        },
        DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(8)), row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(9)));
}
