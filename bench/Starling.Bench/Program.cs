using Starling.Bench;

IComparison[] all = [new TrainingStepComparison(), new JobComparison(), new ProductsComparison()];

var names = args.Where((a, i) => !a.StartsWith('-') && (i == 0 || args[i - 1] != "-o")).ToArray();
var unknown = names.Except(all.Select(c => c.Name)).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"no comparison '{unknown[0]}'; there are: {string.Join(", ", all.Select(c => c.Name))}");
    return 2;
}

var settings = new Settings(args.Contains("--quick"));
var rows = all.Where(c => names.Length == 0 || names.Contains(c.Name)).SelectMany(c => c.Run(settings)).ToArray();
if (args is [.., "-o", "json"] || args.SkipWhile(a => a != "-o").Skip(1).FirstOrDefault() == "json")
    Report.Json(rows);
else
    Report.Markdown(rows);
return 0;
