using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Starling.Host.Processes;

/// <summary>A file of settings: one YAML section of names with a value, or a list of values, each.</summary>
public static class SettingsFile
{
    private const int MaxCharacters = 64 << 10;

    /// <summary>Reads the file's text; what is wrong with it goes to the problems, everything else is still given.</summary>
    public static IReadOnlyList<Setting> Read(string file, string text, ICollection<SettingProblem> problems)
    {
        if (text.Length > MaxCharacters)
        {
            problems.Add(new SettingProblem(file, $"has {text.Length} characters; settings have at most {MaxCharacters}"));
            return [];
        }

        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count == 0)
                return [];
            if (yaml.Documents[0].RootNode is YamlMappingNode root)
                return [.. root.Children.Select(c => Entry(file, c.Key, c.Value, problems)).OfType<Setting>()];
            problems.Add(new SettingProblem(file, "is no list of settings: write one 'name: value' on each line"));
        }
        catch (YamlException e)
        {
            problems.Add(new SettingProblem($"{file}:{e.Start.Line}", $"is not YAML: {e.Message}"));
        }

        return [];
    }

    private static Setting? Entry(string file, YamlNode key, YamlNode value, ICollection<SettingProblem> problems)
    {
        var place = $"{file}:{key.Start.Line}";
        var name = (key as YamlScalarNode)?.Value ?? "";
        switch (value)
        {
            case YamlScalarNode { Value: { } text }:
                return new Setting(name, text, $"{place}: {name}");
            case YamlSequenceNode list when list.All(v => v is YamlScalarNode):
                return new Setting(name, string.Join(',', list.Select(v => ((YamlScalarNode)v).Value)), $"{place}: {name}");
            default:
                problems.Add(new SettingProblem(place, $"{name} takes a value, or a list of values"));
                return null;
        }
    }
}
