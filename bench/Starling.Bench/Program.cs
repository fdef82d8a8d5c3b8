using System.CommandLine;
using Starling.Bench;

const int badInput = 2;
var known = string.Join(", ", Comparisons.All.Select(c => c.Name));
var names = new Argument<string[]>("NAME") { Description = $"Comparisons to run; all without any: {known}" };
var quick = new Option<bool>("--quick") { Description = "End within a minute a name" };
var format = new Option<string>("--output", "-o") { Description = "markdown or json", DefaultValueFactory = _ => "markdown" };
format.AcceptOnlyFromAmong("markdown", "json");
names.Validators.Add(result =>
{
    foreach (var name in result.Tokens.Select(t => t.Value).Except(Comparisons.All.Select(c => c.Name)))
        result.AddError($"no comparison '{name}'");
});
var command = new RootCommand("Measures ours beside the peer, alternated in one run; docs/benchmarks.md explains the rows.");
command.Arguments.Add(names);
command.Options.Add(quick);
command.Options.Add(format);
command.SetAction(parsed => Run(parsed.GetValue(names)!, parsed.GetValue(quick), parsed.GetValue(format) == "json"));

var parsed = command.Parse(args);
if (parsed.Errors.Count == 0)
    return parsed.Invoke();
foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"bench/compare: {error.Message}");
Console.Error.WriteLine($"usage: bench/compare [NAME...] [--quick] [-o markdown|json]; names: {known}");
return badInput;

static int Run(string[] names, bool quick, bool json)
{
    var chosen = Comparisons.All.Where(c => names.Length == 0 || names.Contains(c.Name));
    var load = Machine.Load();
    var rows = Comparisons.Run(chosen, new Settings(quick));
    var machine = $"{Machine.Describe()}; load {load} at the start, {Machine.Load()} at the end{(quick ? "; quick" : "")}";
    if (json)
    {
        Console.Error.WriteLine(machine);
        Report.Json(rows);
    }
    else
    {
        Report.Markdown(machine, rows);
    }

    return rows.Any(r => r.IsError) ? 1 : 0;
}
