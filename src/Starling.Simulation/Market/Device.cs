using Starling.Protocol;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Market;

/// <summary>A machine that computes the cheap program, and now and then something else without noticing.</summary>
/// <param name="random">Draws the faults.</param>
/// <param name="faults">The chance that a computation is silently wrong.</param>
public sealed class Device(SimRandom random, double faults)
{
    /// <summary>Computations that came out wrong.</summary>
    public int Faults { get; private set; }

    /// <summary>The first wrong state of a computation that begins now, and a number for what it became; none is usual.</summary>
    public (int FirstWrong, ulong Lie) Run()
    {
        if (!random.Chance(faults))
            return (CheapProgram.States, 0);
        Faults++;
        return (random.Below(CheapProgram.States), random.Next());
    }

    public ResultClaim Compute(TaskId task)
    {
        var (wrong, lie) = Run();
        return CheapProgram.Wrong(task, wrong, lie);
    }
}
