using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Starling.Bench;

/// <summary>
/// A peer in its own process (bench/peers/peer.py states the protocol): takes a configuration as one line of JSON, then
/// measures at every "go". A further configuration replaces the first, where the script allows it.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process? _process;
    private volatile string _lastError = "";

    public PeerProcess(string script, object configuration, int threads)
    {
        var start = new ProcessStartInfo(Python, Path.Combine(Root(), "bench", "peers", script))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] =
            threads.ToString(CultureInfo.InvariantCulture);
        // Idle OpenMP threads spin by default and take the core from OpenBLAS's own: a training step of two threads ran at
        // half its speed.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            _lastError = e.Message;
            return;
        }

        _process.ErrorDataReceived += (_, e) => _lastError = string.IsNullOrWhiteSpace(e.Data) ? _lastError : e.Data;
        _process.BeginErrorReadLine();
        Configure(configuration);
    }

    /// <summary>Measures something else from now on, without a new process.</summary>
    public void Configure(object configuration) => Say(JsonSerializer.Serialize(configuration));

    /// <summary>One measured stretch.</summary>
    /// <exception cref="PeerException">The peer did not start, ended or does not answer.</exception>
    public double Go()
    {
        Say("go");
        string? line = null;
        try
        {
            line = _process?.StandardOutput.ReadLineAsync().WaitAsync(s_patience).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            _lastError = $"no answer within {s_patience.TotalSeconds} s";
        }

        if (line is null)
        {
            if (_process is { HasExited: false } && !_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill();
            _process?.WaitForExit();
            throw new PeerException($"the peer failed: {_lastError}");
        }

        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>What /usr/bin/python3 prints for a program, or null where it fails.</summary>
    public static string? Ask(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Python, ["-c", program])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Starling.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside a checkout");
        return folder;
    }

    private void Say(string line)
    {
        try
        {
            _process?.StandardInput.WriteLine(line);
            _process?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // A peer that has ended: Go says so, with its last words.
        }
    }
}
