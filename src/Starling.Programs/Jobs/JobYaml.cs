using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Starling.Programs.Jobs;

/// <summary>
/// Reads YAML into nodes with their places. Only what a job needs: one document of sections, lists and values, without
/// anchors, aliases or tags, so that what is signed is what is seen, and of bounded size and depth.
/// </summary>
internal sealed class JobYaml
{
    public const int MaxCharacters = 1 << 20;
    private const int MaxDepth = 16;

    private readonly IParser _parser;
    private readonly List<JobError> _errors;

    private JobYaml(IParser parser, List<JobError> errors) => (_parser, _errors) = (parser, errors);

    /// <summary>The document's root section, or null with at least one error added.</summary>
    public static JobMap? Read(string yaml, List<JobError> errors)
    {
        if (yaml.Length > MaxCharacters)
            return Fail(errors, default, $"the file has {yaml.Length} characters", $"keep it below {MaxCharacters}");
        try
        {
            return new JobYaml(new Parser(new StringReader(yaml)), errors).Document();
        }
        catch (YamlException e)
        {
            return Fail(errors, MarkOf(e.Start), $"this is not YAML: {e.Message}", "check indentation and colons");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The scanner fails so on some malformed text, without a place.
            return Fail(errors, default, "this is not YAML", "check indentation, quotes and brackets");
        }
    }

    private JobMap? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return Fail(_errors, new Mark(1, 1), "the file is empty", "start with 'version: 1'");
        _parser.Consume<DocumentStart>();
        var start = MarkOf(_parser.Current!.Start);
        var root = Node(0);
        if (root is null)
            return null;
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
            return Fail(_errors, MarkOf(_parser.Current!.Start), "a second document", "keep one job per file");
        return root as JobMap
            ?? Fail(_errors, start, $"the file holds {root.Kind}", "a job is a section: start with 'version: 1'");
    }

    private JobNode? Node(int depth)
    {
        var mark = MarkOf(_parser.Current!.Start);
        if (depth > MaxDepth)
            return Fail(_errors, mark, $"nested deeper than {MaxDepth}", "a job needs three levels");
        if (_parser.Accept<AnchorAlias>(out _))
            return Fail(_errors, mark, "an alias", "write the value out: a job has no anchors or aliases");
        if (_parser.Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
            return Fail(_errors, mark, "an anchor or a tag", "write the plain value");
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new JobScalar(mark, scalar.Value, scalar.Style == ScalarStyle.Plain);
        return _parser.TryConsume<SequenceStart>(out _) ? List(mark, depth) : Map(mark, depth);
    }

    private JobList? List(Mark mark, int depth)
    {
        List<JobNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (Node(depth + 1) is not { } item)
                return null;
            items.Add(item);
        }

        return new JobList(mark, items);
    }

    private JobMap? Map(Mark mark, int depth)
    {
        _parser.Consume<MappingStart>();
        List<JobEntry> entries = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var place = MarkOf(_parser.Current!.Start);
            if (Node(depth + 1) is not { } key)
                return null;
            if (key is not JobScalar { Text: var name })
                return Fail(_errors, place, $"{key.Kind} as a key", "keys are names");
            if (Node(depth + 1) is not { } value)
                return null;
            if (seen.Add(name))
                entries.Add(new JobEntry(name, place, value));
            else
                _errors.Add(new JobError(place.Line, place.Column, name, "is given twice", "remove one of them"));
        }

        return new JobMap(mark, entries);
    }

    private static Mark MarkOf(YamlDotNet.Core.Mark mark) => new((int)mark.Line, (int)mark.Column);

    private static JobMap? Fail(List<JobError> errors, Mark mark, string message, string fix)
    {
        errors.Add(new JobError(mark.Line, mark.Column, "", message, fix));
        return null;
    }
}
