using System.Reflection;

namespace Starling.Bench;

/// <summary>Finds the comparisons of this assembly and runs them.</summary>
internal static class Comparisons
{
    public static IReadOnlyList<IComparison> All { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetTypes()
            .Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IComparison)))
            .Select(t => (IComparison)Activator.CreateInstance(t)!)
            .OrderBy(c => c.Name, StringComparer.Ordinal),
    ];

    /// <summary>Runs one after the other, says on standard error how far it is, and turns failures into error rows.</summary>
    public static IReadOnlyList<Row> Run(IEnumerable<IComparison> comparisons, Settings settings)
    {
        var rows = new List<Row>();
        foreach (var comparison in comparisons)
        {
            Console.Error.WriteLine($"{comparison.Name} ...");
            foreach (var row in Guarded(comparison, settings))
            {
                Console.Error.WriteLine($"  {row.What} {Report.Number(row.Ratio ?? row.Ours)}");
                rows.Add(row);
            }
        }

        return rows;
    }

    private static IEnumerable<Row> Guarded(IComparison comparison, Settings settings)
    {
        using var rows = comparison.Run(settings).GetEnumerator();
        for (var failed = false; !failed;)
        {
            Row? row;
            try
            {
                row = rows.MoveNext() ? rows.Current : null;
            }
            catch (Exception e)
            {
                row = Row.Error(comparison.Name, $"{e.GetType().Name}: {e.Message}");
                failed = true;
            }

            if (row is null)
                yield break;
            yield return row;
        }
    }
}
