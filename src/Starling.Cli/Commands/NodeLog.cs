using System.Globalization;
using Starling.Host.Driver;

namespace Starling.Cli.Commands;

/// <summary>What nodes say about themselves, one line each on standard error.</summary>
internal static class NodeLog
{
    public static void Write(NodeReport report)
    {
        var fields = string.Join(' ', report.Fields.Select(f => $"{f.Key}={Convert.ToString(f.Value, CultureInfo.InvariantCulture)}"));
        var time = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"{time} {report.Node} {report.Event} {fields}");
    }

    /// <summary>Only what a person must know.</summary>
    public static void WriteProblems(NodeReport report)
    {
        if (report.Event is "node.stopped" or "blob.corrupt" or "batch.refused")
            Write(report);
    }
}
