using System.CommandLine;
using Starling.Host.Processes;

namespace Starling.Cli.Commands;

/// <summary>
/// The settings of a node: options, then variables (<c>STARLING_NODE_LISTEN</c>), then the file <c>node.yaml</c> of the
/// home folder or the one that <c>--config</c> names.
/// </summary>
internal sealed class NodeSettings
{
    private const string RoleKey = "role";
    private const string UsualFile = "node.yaml";

    private readonly Dictionary<string, Option<string?>> _options;

    private readonly Option<string?> _file = new("--config")
    {
        Description = $"File of settings; {UsualFile} of the home folder by default.",
    };

    /// <param name="withRole">False for commands that say by their name what the node does.</param>
    public NodeSettings(bool withRole) => _options = SettingsReader.Keys
        .Where(k => withRole || k.Key != RoleKey)
        .ToDictionary(k => k.Key, k => new Option<string?>(OptionName(k.Key)) { Description = k.Value });

    public void AddTo(Command command)
    {
        foreach (var option in _options.Values.Append(_file).Append(Passphrase.File))
            command.Options.Add(option);
    }

    /// <summary>The configuration.</summary>
    /// <exception cref="CliException">Says everything that is wrong with it.</exception>
    public NodeConfig Read(ParseResult parsed, string home, NodeRole? role)
    {
        var problems = new List<SettingProblem>();
        IEnumerable<Setting> fixedRole = role is { } given ? [new Setting(RoleKey, given.ToString(), "this command")] : [];
        var all = fixedRole.Concat(Given(parsed)).Concat(Variables()).Concat(FromFile(parsed, home, problems)).ToArray();
        return SettingsReader.Read(all, problems, out var found) ?? throw new CliException(
            ExitCode.BadInput, string.Join("\nstarling: ", found.Select(p => p.ToString())));
    }

    /// <summary>A file of settings to start from.</summary>
    public static void WriteFile(string home, IEnumerable<(string Key, string Value)> settings) => File.WriteAllLines(
        Path.Combine(home, UsualFile), settings.Select(s => $"{s.Key}: {s.Value}"));

    /// <summary>What the file of a home folder and the variables say; null without a file, or with problems.</summary>
    public static NodeConfig? ReadFile(string home, List<SettingProblem> problems)
    {
        var file = Path.Combine(home, UsualFile);
        if (!File.Exists(file))
            return null;
        var fromFile = SettingsFile.Read(UsualFile, File.ReadAllText(file), problems);
        var config = SettingsReader.Read([.. Variables(), .. fromFile], problems, out var found);
        problems.Clear();
        problems.AddRange(found);
        return config;
    }

    private static string OptionName(string key) => "--" + key.Replace('_', '-');

    private IEnumerable<Setting> Given(ParseResult parsed) =>
        from option in _options
        let value = parsed.GetValue(option.Value)
        where value is not null
        select new Setting(option.Key, value, OptionName(option.Key));

    private static IEnumerable<Setting> Variables() =>
        from key in SettingsReader.Keys.Keys
        let name = $"STARLING_NODE_{key.ToUpperInvariant()}"
        let value = Environment.GetEnvironmentVariable(name)
        where value is not null
        select new Setting(key, value, name);

    private IReadOnlyList<Setting> FromFile(ParseResult parsed, string home, List<SettingProblem> problems)
    {
        var given = parsed.GetValue(_file);
        var file = given ?? Path.Combine(home, UsualFile);
        if (given is null && !File.Exists(file))
            return [];
        if (!File.Exists(file))
            throw new CliException(ExitCode.BadInput, $"--config: there is no {file}");
        return SettingsFile.Read(Path.GetFileName(file), File.ReadAllText(file), problems);
    }
}
