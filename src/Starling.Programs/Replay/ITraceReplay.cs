using Starling.Arithmetic.Graphs;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Replay;

/// <summary>
/// Re-runs a task with a trace and shows any state, step, operator or value of it: what both sides of a dispute need.
/// </summary>
/// <remarks>
/// <para>Committed state i is the state after <c>StepOfState(i)</c> steps; state 0 is what the inputs hold, so a dispute
/// about the input is one about state 0. Step s (from 0) leads from the state after s steps to the one after s + 1.</para>
/// <para>The root of a state is the Merkle root of <see cref="StateLeaves"/>: for <c>inner</c> the tensors of the
/// parameters, the first and the second moments, in the order of the model, then the cursor; for <c>merge</c> parameters
/// and velocities. The root of a tensor or value is the BLAKE3 of its bytes, each row padded with zeros to 1 KiB:
/// <see cref="ValueBytes"/>. <see cref="Graph"/> names for each graph input and output the state leaf that it is.</para>
/// <para>Going back re-runs from the start, or from the interval or step that was asked about last. Not for use by two
/// threads at a time.</para>
/// </remarks>
public interface ITraceReplay : IDisposable
{
    /// <summary>Steps that the task takes; fewer when one of them is not finite.</summary>
    int Steps { get; }

    /// <summary>One step's graph, as the task's issue commits to it.</summary>
    GraphTree Graph { get; }

    /// <summary>Committed states.</summary>
    int StateCount { get; }

    /// <summary>Steps done at a committed state.</summary>
    int StepOfState(int state);

    /// <summary>
    /// The leaves under the trace of a claim that step <paramref name="fault"/>, counted from 1, was not finite (0: none), as far as
    /// the run came: the committed roots, for a fault then the root over the values of that step.
    /// </summary>
    Hash256[] Trace(int fault = 0);

    /// <summary>Roots of the states after each step between committed states i and i + 1; the last is state i + 1.</summary>
    Hash256[] StepRoots(int state);

    /// <summary>The leaves under the root of the state after <paramref name="steps"/> steps.</summary>
    Hash256[] StateLeaves(int steps);

    /// <summary>The root of every value of a step, inputs first, then nodes: index is the graph's value.</summary>
    Hash256[] ValueRoots(int step);

    /// <summary>The padded bytes of one value of a step.</summary>
    byte[] ValueBytes(int step, ValueId value);
}
