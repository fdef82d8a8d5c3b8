namespace Starling.Host.OpenAi.Keys;

/// <summary>
/// The money of keys while requests run: the worst case is reserved before one begins, what it used is charged and the rest
/// released when it ends, all in one transaction each. What a process left open when it was killed is settled by the next
/// one, by what was noted as delivered.
/// </summary>
public sealed class KeyAccounts : IDisposable
{
    private readonly KeyDatabase _database;
    private readonly FileStream _alive;
    private readonly string _run;

    /// <param name="folder">Holds one locked file per running process.</param>
    public KeyAccounts(KeyStore keys, string folder)
    {
        _database = keys.Database;
        Directory.CreateDirectory(folder);
        _run = Guid.NewGuid().ToString("n");
        _alive = Hold(Path.Combine(folder, $"{_run}.run"));
        foreach (var run in _database.Read("SELECT DISTINCT run FROM open", row => row.GetString(0)))
            if (run != _run && IsDead(Path.Combine(folder, $"{run}.run")))
                SettleAll(run);
    }

    /// <summary>Sets the worst case of a request aside, if the key's budget has it.</summary>
    public Reservation Reserve(
        ApiKey key, string request, string model, TokenPrices prices, long prompt, long completion, DateTimeOffset now)
    {
        var (period, end) = ApiKey.PeriodOf(key.Terms.Period, now);
        var worst = prices.Cost(prompt, completion);
        return _database.Write(() =>
        {
            var used = _database.Read(
                "SELECT spent + reserved FROM spent WHERE key = $key AND period = $period", row => row.GetInt64(0),
                ("$key", key.Id), ("$period", period)).FirstOrDefault();
            var left = Math.Max(0, (key.Terms.Budget ?? long.MaxValue) - used);
            if (worst > left)
                return new Reservation(false, left, end);
            _database.Run(
                """
                INSERT INTO spent (key, period, spent, reserved) VALUES ($key, $period, 0, $worst)
                ON CONFLICT (key, period) DO UPDATE SET reserved = reserved + $worst
                """,
                ("$key", key.Id), ("$period", period), ("$worst", worst));
            _database.Run(
                """
                INSERT INTO open (request, run, key, period, day, model, reserved, input, output, prompt, completion)
                VALUES ($request, $run, $key, $period, $day, $model, $worst, $input, $output, 0, 0)
                """,
                ("$request", request), ("$run", _run), ("$key", key.Id), ("$period", period),
                ("$day", (long)DateOnly.FromDateTime(now.UtcDateTime).DayNumber), ("$model", model), ("$worst", worst),
                ("$input", prices.Input), ("$output", prices.Output));
            return new Reservation(true, left - worst, end);
        });
    }

    /// <summary>Notes what a request has delivered, for the case that this process does not come to settle it.</summary>
    public void Note(string request, long prompt, long completion) => _database.Write(() => _database.Run(
        "UPDATE open SET prompt = $prompt, completion = $completion WHERE request = $request",
        ("$request", request), ("$prompt", prompt), ("$completion", completion)));

    /// <summary>Charges what a request delivered, at most what was reserved, and releases the rest. Once only.</summary>
    public void Settle(string request, long prompt, long completion) => _database.Write(() =>
    {
        _database.Run(
            "UPDATE open SET prompt = $prompt, completion = $completion WHERE request = $request",
            ("$request", request), ("$prompt", prompt), ("$completion", completion));
        return Close(request);
    });

    public void Dispose()
    {
        SettleAll(_run);
        var path = _alive.Name;
        _alive.Dispose();
        File.Delete(path);
    }

    private int SettleAll(string run) => _database.Write(() =>
        _database.Read("SELECT request FROM open WHERE run = $run", row => row.GetString(0), ("$run", run)).Sum(Close));

    private int Close(string request)
    {
        foreach (var (key, period, day, model, reserved, prices, prompt, completion) in _database.Read(
            "SELECT key, period, day, model, reserved, input, output, prompt, completion FROM open WHERE request = $request",
            row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4),
                new TokenPrices(row.GetInt64(5), row.GetInt64(6)), row.GetInt64(7), row.GetInt64(8)),
            ("$request", request)))
        {
            var cost = Math.Min(reserved, prices.Cost(prompt, completion));
            _database.Run(
                "UPDATE spent SET spent = spent + $cost, reserved = reserved - $reserved WHERE key = $key AND period = $period",
                ("$cost", cost), ("$reserved", reserved), ("$key", key), ("$period", period));
            _database.Run(
                """
                INSERT INTO usage (day, key, model, requests, prompt, completion, cost)
                VALUES ($day, $key, $model, 1, $prompt, $completion, $cost)
                ON CONFLICT (day, key, model) DO UPDATE SET requests = requests + 1, prompt = prompt + $prompt,
                    completion = completion + $completion, cost = cost + $cost
                """,
                ("$day", day), ("$key", key), ("$model", model), ("$prompt", prompt), ("$completion", completion), ("$cost", cost));
        }

        return _database.Run("DELETE FROM open WHERE request = $request", ("$request", request));
    }

    private static FileStream Hold(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static bool IsDead(string path)
    {
        try
        {
            Hold(path).Dispose();
            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
