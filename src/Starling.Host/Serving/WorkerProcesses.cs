using System.Diagnostics;

namespace Starling.Host.Serving;

/// <summary>
/// Workers in processes of their own: started, and started again when they end. A worker ends with its standard input, so
/// none outlives this process.
/// </summary>
public sealed class WorkerProcesses : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>A worker that ran for so long had started well.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(30);

    private readonly Func<int, ProcessStartInfo> _start;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _running;

    /// <param name="count">Workers.</param>
    /// <param name="start">How to start each, by its number from 1.</param>
    /// <param name="say">Takes what they write on standard error, and their ends.</param>
    public WorkerProcesses(int count, Func<int, ProcessStartInfo> start, Action<string> say)
    {
        (_start, _say) = (start, say);
        _running = [.. Enumerable.Range(1, count).Select(n => Task.Run(() => Keep(n)))];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task Keep(int number)
    {
        var pause = s_pause;
        while (!_stop.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            await RunOnce(number);
            pause = TimeProvider.System.GetElapsedTime(started) > s_settled ? s_pause : TimeSpan.FromTicks(
                Math.Min(2 * pause.Ticks, s_longestPause.Ticks));
            await Task.Delay(pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunOnce(int number)
    {
        var start = _start(number);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is { Length: > 0 } line)
                _say($"worker {number}: {line}");
        };
        process.OutputDataReceived += static (_, _) => { };
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            await process.WaitForExitAsync(_stop.Token);
            _say($"worker {number} ended with code {process.ExitCode} and is started again");
        }
        catch (OperationCanceledException)
        {
            await End(process);
        }
    }

    private static async Task End(Process process)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
