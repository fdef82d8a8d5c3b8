using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Starling.Bench;

/// <summary>A peer in its own process: takes its configuration as one line of JSON, then measures at every "go".</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    public PeerProcess(string script, object configuration, int threads)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", Path.Combine(Root(), "bench", "peers", script))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] =
            threads.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(configuration));
    }

    public double Go()
    {
        _process.StandardInput.WriteLine("go");
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("the peer ended early; run bench/compare, which installs it");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Starling.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside a checkout");
        return folder;
    }
}
