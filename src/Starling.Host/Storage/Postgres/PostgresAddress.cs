using Npgsql;

namespace Starling.Host.Storage.Postgres;

/// <summary>
/// Where a log in PostgreSQL is: <c>postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME&amp;sslmode=require</c>. Without a
/// password PostgreSQL's own ways count (<c>PGPASSWORD</c>, the password file).
/// </summary>
public sealed class PostgresAddress
{
    private const string Form = "give for example postgres://starling@db.example.org:5432/starling";
    private const int UsualPort = 5432;
    private const string UsualSchema = "starling";
    private const int MaxSchema = 63;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings, string schema)
    {
        (Settings, Schema) = (settings, schema);
        Place = $"postgres://{settings.Username}@{settings.Host}:{settings.Port}/{settings.Database} ({schema})";
    }

    /// <summary>The tables' schema: one network each.</summary>
    public string Schema { get; }

    /// <summary>For messages: without the password.</summary>
    public string Place { get; }

    internal NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Reads an address; null, with what is wrong, when the text is none.</summary>
    public static PostgresAddress? Parse(string text, out string? problem)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            return Fail($"is no address of a PostgreSQL database: {Form}", out problem);
        var user = uri.UserInfo.Split(':', 2);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (user[0].Length == 0 || uri.Host.Length == 0 || database.Length == 0)
            return Fail($"must name a user, a host and a database: {Form}", out problem);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : UsualPort,
            Database = database,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length == 2 ? Uri.UnescapeDataString(user[1]) : null,
            ApplicationName = "starling",
        };
        var schema = UsualSchema;
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (option.Split('=', 2) is ["schema", var name] && IsName(name))
                schema = name;
            else if (option.Split('=', 2) is ["sslmode", var mode] && Mode(mode) is { } ssl)
                settings.SslMode = ssl;
            else
                return Fail($"has an option '{option}' that is none: there are schema=NAME (lower case, digits, _) "
                    + "and sslmode=disable, prefer, require, verify-ca or verify-full", out problem);
        }

        problem = null;
        return new PostgresAddress(settings, schema);
    }

    private static PostgresAddress? Fail(string text, out string? problem)
    {
        problem = text;
        return null;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= MaxSchema && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static SslMode? Mode(string mode) => mode switch
    {
        "disable" => SslMode.Disable,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => null,
    };
}
