using Starling.Node.Roles.Providing;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Simulation.Engine;
using Starling.Simulation.Market;

namespace Starling.Simulation.Scale;

/// <summary>One lent machine: where it stands, what it asks, and what it runs.</summary>
internal sealed class ScaleProvider
{
    private const uint TargetPpm = 700_000;
    private const uint StepPpm = 50_000;
    private const long LookMs = 60_000;

    private readonly SlotWatch _watch = new();

    public ScaleProvider(int index, ISigner key, SimRandom random)
    {
        (Index, Key) = (index, key);
        Region = Pick(ScaleSettings.Supply, random);
        Kind = Pick(ScaleSettings.Kinds, random);
        Slots = 1 + random.Below(3);
        Slowness = 0.7 + (0.6 * random.Unit());
        var usual = ScaleSettings.Prices[Kind];
        Price = usual * (ulong)random.Between(800, 1_200) / 1_000;
        Policy = new PricePolicy(usual / 2, usual * 10, TargetPpm, StepPpm, LookMs);
    }

    public int Index { get; }

    public ISigner Key { get; }

    public int Region { get; }

    public int Kind { get; }

    public int Slots { get; }

    /// <summary>Duration of a task here, over that on the usual machine.</summary>
    public double Slowness { get; }

    public PricePolicy Policy { get; }

    public ulong Price { get; set; }

    public OfferId Offer { get; set; }

    public bool Alive { get; set; } = true;

    /// <summary>Whether everybody knows by now that it is gone.</summary>
    public bool KnownGone { get; set; }

    /// <summary>Counts starts: what an earlier life was to end never does.</summary>
    public int Life { get; set; }

    public long DiedAt { get; set; }

    public int Leased { get; private set; }

    /// <summary>What it was given and has not committed to.</summary>
    public List<ScaleTask> Running { get; } = [];

    public void Leases(Timestamp now, int change)
    {
        Leased += change;
        _watch.Note(now, Leased);
    }

    /// <summary>The price that it asks from now on.</summary>
    public ulong Look(Timestamp now)
    {
        _watch.Note(now, Leased);
        return Policy.Next(Price, _watch.Take(now, Slots));
    }

    public static int Pick(double[] shares, SimRandom random)
    {
        var at = random.Unit();
        return Array.FindIndex(shares, s => at < s);
    }
}

/// <summary>One task of a job, and the machine that runs it now.</summary>
internal sealed class ScaleTask(ScaleJob job, string node, MarketTask market)
{
    public ScaleJob Job => job;

    public string Node => node;

    public MarketTask Market => market;

    public int Attempt { get; set; }

    /// <summary>When the machine died that ran it; 0 while none did.</summary>
    public long LostAt { get; set; }
}

/// <summary>One order on its way.</summary>
internal sealed class ScaleJob(JobId id, ISigner owner, int kind, int leases, int tasks, long opened)
{
    public JobId Id => id;

    public ISigner Owner => owner;

    public int Kind => kind;

    public int Leases => leases;

    public int Tasks => tasks;

    public long Opened => opened;

    public int Leased { get; set; }

    /// <summary>Leases ever matched: those beyond the first are replacements.</summary>
    public int Matched { get; set; }

    public int Issued { get; set; }

    public int Shown { get; set; }

    public bool Completing { get; set; }

    /// <summary>Providers whose lease waits for a task, one entry for each.</summary>
    public List<int> Free { get; } = [];

    /// <summary>Tasks that wait for another machine.</summary>
    public Queue<ScaleTask> Lost { get; } = [];
}
