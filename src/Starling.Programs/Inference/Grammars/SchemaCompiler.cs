using System.Text.Json;
using Starling.Programs.Inference.Requests;

namespace Starling.Programs.Inference.Grammars;

/// <summary>
/// Makes the grammar of the values that a JSON schema allows; where a keyword's full meaning is out of reach, of some of
/// them, never of others. A keyword that is not supported is an error with its place.
/// </summary>
internal sealed class SchemaCompiler
{
    private const int MostSchemas = 2048;
    private const int MostDepth = 48;
    private const int MostCount = 4096;

    private static readonly string[] Ignored =
    [
        "title", "description", "$schema", "$comment", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "$defs",
        "definitions",
    ];

    private static readonly Dictionary<string, string[]> OfType = new()
    {
        ["string"] = ["minLength", "maxLength"],
        ["integer"] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        ["number"] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        ["array"] = ["items", "prefixItems", "minItems", "maxItems"],
        ["object"] = ["properties", "required", "additionalProperties"],
        ["boolean"] = [],
        ["null"] = [],
    };

    private readonly GrammarStates states = new();
    private readonly JsonRules rules;
    private readonly NumberRanges numbers;
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);

    /// <summary>Schemas whose rule is being made and of whose value no byte has come yet: they may not lead to themselves.</summary>
    private readonly HashSet<string> leading = new(StringComparer.Ordinal);

    private JsonElement root;
    private int count;
    private int depth;

    private SchemaCompiler(JsonElement root)
    {
        this.root = root;
        rules = new JsonRules(states);
        numbers = new NumberRanges(states, rules);
    }

    /// <exception cref="GrammarException">The schema cannot be used.</exception>
    public static Grammar Compile(JsonElement schema)
    {
        SchemaCompiler compiler = new(schema);
        return compiler.Whole(compiler.Rule(schema, ""));
    }

    /// <summary>Any object.</summary>
    public static Grammar AnyObject()
    {
        SchemaCompiler compiler = new(default);
        return compiler.Whole(compiler.rules.Object);
    }

    /// <summary>A call of one of the functions; <paramref name="at"/> is the one whose schema is read.</summary>
    public static Grammar CompileCall(IReadOnlyList<ToolFunction> functions, ref int at)
    {
        SchemaCompiler compiler = new(default);
        GrammarStates states = compiler.states;
        int rule = states.Rule();
        for (at = 0; at < functions.Count; at++)
        {
            ToolFunction function = functions[at];
            int arguments = compiler.rules.Object;
            if (function.Parameters is { } schema)
            {
                // References within a schema are to that schema.
                compiler.root = schema;
                compiler.known.Clear();
                arguments = compiler.Rule(schema, "");
            }

            byte[] name = JsonSerializer.SerializeToUtf8Bytes(function.Name, SchemaJson.Default.String);
            int from = states.Text(states.Text(states.Rules[rule].Start, "{\"name\": "u8), name);
            from = states.Call(states.Text(from, ", \"arguments\": "u8), arguments);
            states.Byte(from, (byte)'}', (byte)'}', states.Rules[rule].End);
        }

        return compiler.Whole(rule);
    }

    private Grammar Whole(int value)
    {
        int whole = states.Rule();
        (int start, int end) = states.Rules[whole];
        states.Call(states.Call(start, rules.Space), value, end);
        return Grammar.Create(states, whole) ?? throw new GrammarException(
            GrammarProblemCode.Empty, "", $"no value of at most {Grammar.MostDepth} levels meets the schema");
    }

    private int Rule(JsonElement schema, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return schema.GetBoolean() ? rules.Value : throw new GrammarException(GrammarProblemCode.Empty, path, "no value meets 'false'");
        if (schema.ValueKind != JsonValueKind.Object)
            throw Malformed(path, "a schema must be an object, true or false");
        if (++count > MostSchemas || ++depth > MostDepth)
            throw new GrammarException(
                GrammarProblemCode.TooLarge, path, $"there are more than {MostSchemas} schemas, or they nest deeper than {MostDepth}");
        int rule = Keyed(schema, path);
        depth--;
        return rule;
    }

    private int Keyed(JsonElement schema, string path)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            return Referred(schema, reference, path);
        foreach (string key in (string[])["enum", "const"])
            if (schema.TryGetProperty(key, out JsonElement values))
                return Enumerated(schema, key, values, path);
        if (schema.TryGetProperty("anyOf", out JsonElement branches))
            return AnyOf(schema, branches, path);
        if (schema.TryGetProperty("allOf", out JsonElement all) && all.ValueKind == JsonValueKind.Array && all.GetArrayLength() == 1)
        {
            OnlyWith(schema, path, "allOf");
            return Rule(all[0], $"{path}/allOf/0");
        }

        string[] types = Types(schema, path);
        OnlyWith(schema, path, [.. types.SelectMany(type => OfType[type]), "type"]);
        if (types.Length == 0)
            return rules.Value;
        return types.Length == 1 ? Typed(types[0], schema, path) : Union([.. types.Select(type => Typed(type, schema, path))]);
    }

    private static string[] Types(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type", out JsonElement type))
            return OfType.FirstOrDefault(pair => pair.Value.Any(key => schema.TryGetProperty(key, out _))) is { Key: { } guess }
                ? [guess] : [];
        JsonElement[] names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : [type];
        if (names.Length == 0)
            throw Malformed($"{path}/type", "names no type");
        foreach (JsonElement name in names)
            if (name.ValueKind != JsonValueKind.String || !OfType.ContainsKey(name.GetString()!))
                throw Malformed($"{path}/type", $"must be one of {string.Join(", ", OfType.Keys)}, or a list of them");
        return [.. names.Select(name => name.GetString()!).Distinct()];
    }

    private int Typed(string type, JsonElement schema, string path) => type switch
    {
        "string" => Text(schema, path),
        "integer" or "number" => Number(schema, path, type == "integer"),
        "array" => List(schema, path),
        "object" => Object(schema, path),
        _ => Words(type == "null" ? ["null"] : ["true", "false"]),
    };

    private int Words(string[] words)
    {
        int rule = states.Rule();
        foreach (string word in words)
            states.Empty(states.Text(states.Rules[rule].Start, System.Text.Encoding.ASCII.GetBytes(word)), states.Rules[rule].End);
        return rule;
    }

    private int Union(IReadOnlyList<int> branches)
    {
        int rule = states.Rule();
        foreach (int branch in branches.Distinct())
            states.Call(states.Rules[rule].Start, branch, states.Rules[rule].End);
        return rule;
    }

    private int Referred(JsonElement schema, JsonElement reference, string path)
    {
        OnlyWith(schema, path, "$ref");
        string target = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : "";
        if (leading.Contains(target))
            throw new GrammarException(
                GrammarProblemCode.Empty, $"{path}/$ref", $"'{target}' leads back to itself without a value in between");
        if (known.TryGetValue(target, out int rule))
            return rule;
        JsonElement found = Find(target, path);
        // Known before it is made, so that it may hold itself.
        known[target] = rule = states.Rule();
        leading.Add(target);
        int inner = Rule(found, target);
        leading.Remove(target);
        states.Call(states.Rules[rule].Start, inner, states.Rules[rule].End);
        return rule;
    }

    private JsonElement Find(string target, string path)
    {
        JsonElement found = root;
        bool known = target == "#" || target.StartsWith("#/", StringComparison.Ordinal);
        foreach (string part in target.Split('/').Skip(1))
            known = known && found.ValueKind == JsonValueKind.Object
                && found.TryGetProperty(
                    part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out found);
        return known ? found : throw new GrammarException(
            GrammarProblemCode.Unsupported, $"{path}/$ref", $"'{target}' is no object within the schema, such as '#/$defs/name'");
    }

    private int Enumerated(JsonElement schema, string key, JsonElement values, string path)
    {
        OnlyWith(schema, path, key, "type");
        if (key == "enum" && (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() is 0 or > MostCount))
            throw Malformed($"{path}/enum", $"must be a list of 1 to {MostCount} values");
        string[] types = schema.TryGetProperty("type", out _) ? Types(schema, path) : [];
        int rule = states.Rule(), found = 0;
        foreach (JsonElement value in key == "enum" ? [.. values.EnumerateArray()] : (JsonElement[])[values])
            if (types.Length == 0 || Array.Exists(types, type => IsOf(value, type)))
            {
                rules.Exactly(value, states.Rules[rule].Start, states.Rules[rule].End);
                found++;
            }

        return found > 0 ? rule : throw new GrammarException(GrammarProblemCode.Empty, path, "none of the values has the type");
    }

    private static bool IsOf(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetInt64(out _)),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        JsonValueKind.Array => type == "array",
        _ => type == "object",
    };

    private int AnyOf(JsonElement schema, JsonElement branches, string path)
    {
        OnlyWith(schema, path, "anyOf");
        if (branches.ValueKind != JsonValueKind.Array || branches.GetArrayLength() == 0)
            throw Malformed($"{path}/anyOf", "must be a list of schemas");
        return Union([.. branches.EnumerateArray().Select((branch, i) => Rule(branch, $"{path}/anyOf/{i}"))]);
    }

    private int Text(JsonElement schema, string path)
    {
        int least = Count(schema, "minLength", path) ?? 0;
        int? most = Count(schema, "maxLength", path);
        return least > most ? throw Nothing(path, "minLength", "maxLength")
            : least == 0 && most is null ? rules.Text
            : rules.TextOf(least, most);
    }

    private int Number(JsonElement schema, string path, bool integer)
    {
        decimal? least = Bound(schema, "minimum", path), most = Bound(schema, "maximum", path);
        if (Bound(schema, "exclusiveMinimum", path) is { } above)
            least = Math.Max(least ?? decimal.MinValue, decimal.Floor(above) + 1);
        if (Bound(schema, "exclusiveMaximum", path) is { } below)
            most = Math.Min(most ?? decimal.MaxValue, decimal.Ceiling(below) - 1);
        if (least is null && most is null)
            return integer ? rules.Integer : rules.Number;
        int rule = integer ? numbers.Integers(least, most) : numbers.Reals(least, most);
        return rule >= 0 ? rule : throw new GrammarException(
            GrammarProblemCode.Empty, path, "there is no integer between the bounds; widen them, or list the values in 'enum'");
    }

    private int List(JsonElement schema, string path)
    {
        int least = Count(schema, "minItems", path) ?? 0;
        int? most = Count(schema, "maxItems", path);
        if (least > most)
            throw Nothing(path, "minItems", "maxItems");
        using Inside inside = new(leading);
        List<int> first = [];
        if (schema.TryGetProperty("prefixItems", out JsonElement prefix))
        {
            if (prefix.ValueKind != JsonValueKind.Array)
                throw Malformed($"{path}/prefixItems", "must be a list of schemas");
            first.AddRange(prefix.EnumerateArray().Select((item, i) => Rule(item, $"{path}/prefixItems/{i}")));
        }

        bool closed = schema.TryGetProperty("items", out JsonElement items) && items.ValueKind == JsonValueKind.False;
        int rest = closed ? -1 : items.ValueKind == JsonValueKind.Undefined ? rules.Value : Rule(items, $"{path}/items");
        return closed && least > first.Count ? throw Nothing(path, "minItems", "items") : rules.ListOf(first, rest, least, most);
    }

    private int Object(JsonElement schema, string path)
    {
        using Inside inside = new(leading);
        HashSet<string> required = Required(schema, path);
        bool named = schema.TryGetProperty("properties", out JsonElement properties);
        if (named && properties.ValueKind != JsonValueKind.Object)
            throw Malformed($"{path}/properties", "must be an object of schemas");
        JsonProperty[] all = named ? [.. properties.EnumerateObject()] : [];
        if (required.FirstOrDefault(name => !Array.Exists(all, property => property.Name == name)) is { } unknown)
            throw new GrammarException(GrammarProblemCode.Unsupported, $"{path}/required", $"'{unknown}' is not among the properties");
        bool more = schema.TryGetProperty("additionalProperties", out JsonElement additional);
        if (all.Length == 0 && additional.ValueKind != JsonValueKind.False)
            return more ? rules.MapOf(Rule(additional, $"{path}/additionalProperties")) : rules.Object;
        if (more && additional.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw new GrammarException(
                GrammarProblemCode.Unsupported, $"{path}/additionalProperties", "a schema beside named properties is not supported");
        return Members([.. all.Select(p => (p.Name, Rule(p.Value, $"{path}/properties/{p.Name}"), required.Contains(p.Name)))]);
    }

    /// <summary>Members in the order of the schema; those not required may be left out.</summary>
    private int Members(IReadOnlyList<(string Name, int Value, bool Required)> members)
    {
        int rule = states.Rule(), end = states.Rules[rule].End;
        // Two ways through: nothing written yet, and something written, after which a comma comes first.
        int none = states.Call(states.Byte(states.Rules[rule].Start, '{'), rules.Space), some = states.State();
        foreach ((string name, int value, bool required) in members)
        {
            int next = states.State(), key = states.State();
            if (none >= 0)
                states.Empty(none, key);
            states.Empty(rules.Comma(some), key);
            int written = states.Text(key, JsonSerializer.SerializeToUtf8Bytes(name, SchemaJson.Default.String));
            states.Call(rules.Colon(written), value, next);
            if (!required)
                states.Empty(some, next);
            none = required ? -1 : none;
            some = next;
        }

        if (none >= 0)
            states.Byte(none, (byte)'}', (byte)'}', end);
        states.Byte(states.Call(some, rules.Space), (byte)'}', (byte)'}', end);
        return rule;
    }

    private static HashSet<string> Required(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("required", out JsonElement required))
            return [];
        return required.ValueKind == JsonValueKind.Array && required.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. required.EnumerateArray().Select(name => name.GetString()!)]
            : throw Malformed($"{path}/required", "must be a list of names");
    }

    private static int? Count(JsonElement schema, string key, string path) =>
        !schema.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 0 and <= MostCount ? number
        : throw Malformed($"{path}/{key}", $"must be an integer from 0 to {MostCount}");

    private static decimal? Bound(JsonElement schema, string key, string path) =>
        !schema.TryGetProperty(key, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) && Math.Abs(number) < 1e20m ? number
        : throw Malformed($"{path}/{key}", "must be a number of at most 20 digits");

    private static void OnlyWith(JsonElement schema, string path, params string[] keys)
    {
        foreach (JsonProperty property in schema.EnumerateObject())
            if (Array.IndexOf(keys, property.Name) < 0 && Array.IndexOf(Ignored, property.Name) < 0)
                throw new GrammarException(
                    GrammarProblemCode.Unsupported, $"{path}/{property.Name}",
                    $"'{property.Name}' is not supported{(OfType.Values.Any(of => of.Contains(property.Name)) ? " here" : "")}");
    }

    private static GrammarException Malformed(string path, string message) => new(GrammarProblemCode.Malformed, path, message);

    private static GrammarException Nothing(string path, string least, string most) =>
        new(GrammarProblemCode.Empty, path, $"'{least}' is above what '{most}' allows");

    /// <summary>Within brackets a schema may lead to itself.</summary>
    private readonly ref struct Inside
    {
        private readonly HashSet<string> leading;
        private readonly string[] outer;

        public Inside(HashSet<string> leading)
        {
            (this.leading, outer) = (leading, [.. leading]);
            leading.Clear();
        }

        public void Dispose()
        {
            leading.Clear();
            leading.UnionWith(outer);
        }
    }
}
