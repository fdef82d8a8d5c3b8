using System.Globalization;
using System.Net;
using Starling.Host.Local;
using Starling.Host.Serving;
using Starling.Host.Storage.Postgres;
using Starling.Host.Transport.Grpc;
using Starling.Protocol.Identity;

namespace Starling.Host.Processes;

/// <summary>
/// Turns settings from several places into a node's configuration, or into all problems at once. What comes first
/// counts: options before variables before the file.
/// </summary>
public sealed class SettingsReader
{
    private const decimal Micro = 1_000_000m;

    private readonly Dictionary<string, Setting> _settings = new(StringComparer.Ordinal);
    private readonly List<SettingProblem> _problems;

    private SettingsReader(IEnumerable<Setting> settings, IEnumerable<SettingProblem> problems)
    {
        _problems = [.. problems];
        foreach (var setting in settings)
            if (!Keys.ContainsKey(setting.Key))
                _problems.Add(new SettingProblem(setting.Place, $"is no setting; there are {string.Join(", ", Keys.Keys)}"));
            else
                _settings.TryAdd(setting.Key, setting);
    }

    /// <summary>Every setting and what it says, for help texts.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>
    {
        ["role"] = $"What the node does: {string.Join(", ", Enum.GetNames<NodeRole>()).ToLowerInvariant()}.",
        ["listen"] = "Address and port on which peers may dial it, for example 0.0.0.0:4690; none: it only dials out.",
        ["advertise"] = "Addresses (host:port) by which others reach it; the listening address where that says it all.",
        ["seeds"] = "Addresses (host:port) of nodes to dial, beside those of the invite.",
        ["api_port"] = "Port of a gateway's API on this machine; 0 for any free one.",
        ["threads"] = "Tasks at once.",
        ["price"] = "A provider's ask: credits per 10^12 multiply-adds.",
        ["slots"] = "Leases at once.",
        ["memory"] = "MiB for each lease; an even share of the machine's by default.",
        ["answers"] = "Answers at once where it serves a model.",
        ["capability"] = "What the machine is called in the market.",
        ["region"] = "Where it stands.",
        ["stake"] = "Tokens to keep at stake, as far as the account reaches.",
        ["log"] = "A sequencer's log: postgres://USER@HOST/DATABASE, or sqlite for the file in its folder (the default).",
        ["snapshot_every"] = "Batches from one snapshot of the ledger's state to the next; 0 for none.",
        ["defender"] = "Key of a node that answers disputes about this provider's results while it sleeps; one that it trusts.",
        ["upload"] = "MiB a second that it sends to peers, at most.",
    };

    /// <summary>The configuration; null with at least one problem.</summary>
    public static NodeConfig? Read(
        IEnumerable<Setting> settings, IEnumerable<SettingProblem> found, out IReadOnlyList<SettingProblem> problems)
    {
        var reader = new SettingsReader(settings, found);
        var config = reader.Config();
        problems = reader._problems;
        return problems.Count == 0 ? config : null;
    }

    private NodeConfig Config()
    {
        var listen = Endpoint("listen");
        var advertise = Addresses("advertise");
        if (advertise.Count == 0 && listen is { Address: var at } && !at.Equals(IPAddress.Any) && !at.Equals(IPAddress.IPv6Any))
            advertise = [listen.ToString()];
        var role = Role();
        return new NodeConfig(role)
        {
            Log = Log(role),
            SnapshotEvery = (int)(Number("snapshot_every", 0, 1 << 24) ?? LocalNode.SnapshotEvery),
            Listen = listen,
            Advertise = advertise,
            Seeds = Addresses("seeds"),
            ApiPort = (int)(Number("api_port", 0, 65_535) ?? NodeConfig.DefaultApiPort),
            Threads = (int)(Number("threads", 1, 1_024) ?? Environment.ProcessorCount),
            Price = Amount("price"),
            Slots = (int)(Number("slots", 1, 256) ?? 1),
            MemoryMiB = (int?)Number("memory", 1, 1 << 24),
            Answers = (int)(Number("answers", 1, 256) ?? ServingLimits.Usual.Slots),
            Capability = Name("capability", "cpu"),
            Region = Name("region", "local"),
            Stake = Amount("stake"),
            Defender = Key("defender"),
            UploadBytesPerSecond = (Number("upload", 1, 1 << 20) ?? 1_024) << 20,
        };
    }

    private NodeRole Role()
    {
        if (!_settings.TryGetValue("role", out var setting))
            _problems.Add(new SettingProblem("role", $"is missing: give one of {Roles()}"));
        else if (Enum.TryParse<NodeRole>(setting.Value, ignoreCase: true, out var role) && Enum.IsDefined(role)
            && !char.IsAsciiDigit(setting.Value[0]))
            return role;
        else
            Fail(setting, $"is no role: give one of {Roles()}");
        return default;
    }

    private static string Roles() => string.Join(", ", Enum.GetNames<NodeRole>()).ToLowerInvariant();

    private IPEndPoint? Endpoint(string key)
    {
        if (!_settings.TryGetValue(key, out var setting))
            return null;
        if (IPEndPoint.TryParse(setting.Value, out var endpoint)
            && (endpoint.Port > 0 || setting.Value.EndsWith(":0", StringComparison.Ordinal)))
            return endpoint;
        Fail(setting, "is no IP address with a port: give for example 0.0.0.0:4690");
        return null;
    }

    private IReadOnlyList<string> Addresses(string key)
    {
        if (!_settings.TryGetValue(key, out var setting))
            return [];
        var addresses = setting.Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var address in addresses)
            if (PeerAddresses.Problem(address) is { } problem)
                _problems.Add(new SettingProblem(setting.Place, problem));
        return addresses;
    }

    private PostgresAddress? Log(NodeRole role)
    {
        if (!_settings.TryGetValue("log", out var setting) || setting.Value == "sqlite")
            return null;
        var address = PostgresAddress.Parse(setting.Value, out var problem);
        if (address is null)
            _problems.Add(new SettingProblem(setting.Place, $"{problem}, or sqlite"));
        else if (role is not (NodeRole.Sequencer or default(NodeRole)))
            _problems.Add(new SettingProblem(
                setting.Place, $"only a sequencer's log is in a database: leave it out for a {role.ToString().ToLowerInvariant()}"));
        return address;
    }

    private long? Number(string key, long least, long most)
    {
        if (!_settings.TryGetValue(key, out var setting))
            return null;
        if (long.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;
        Fail(setting, $"is not a whole number of {least} to {most}");
        return null;
    }

    private ulong? Amount(string key)
    {
        if (!_settings.TryGetValue(key, out var setting))
            return null;
        if (decimal.TryParse(setting.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount <= 1_000_000_000m && amount * Micro == decimal.Truncate(amount * Micro))
            return (ulong)(amount * Micro);
        Fail(setting, "is no amount: give a number with at most six decimals, for example 0.0004");
        return null;
    }

    private NodeId? Key(string key)
    {
        if (!_settings.TryGetValue(key, out var setting))
            return null;
        if (NodeId.TryParse(setting.Value, out var id))
            return id;
        Fail(setting, "is no key: give the 64 hexadecimal digits of a node's id");
        return null;
    }

    private string Name(string key, string usual)
    {
        if (!_settings.TryGetValue(key, out var setting))
            return usual;
        if (setting.Value.Length is > 0 and <= Protocol.Transactions.Limits.Name && setting.Value.All(char.IsAscii))
            return setting.Value;
        Fail(setting, $"is no name: give 1 to {Protocol.Transactions.Limits.Name} ASCII characters");
        return usual;
    }

    private void Fail(Setting setting, string problem) =>
        _problems.Add(new SettingProblem(setting.Place, $"'{setting.Value}' {problem}"));
}
