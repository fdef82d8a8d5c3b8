using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>What one side of a dispute holds to be true about a task: its own run, at any depth.</summary>
public interface IDisputeSide : IDisposable
{
    Blueprint Blueprint { get; }

    /// <summary>The task's specification as encoded.</summary>
    byte[] Spec { get; }

    /// <summary>Content ids of the task's inputs.</summary>
    Hash256[] Inputs { get; }

    /// <summary>Content ids of the outputs.</summary>
    Hash256[] Outputs { get; }

    /// <summary>The step, counted from 1, that was not finite; 0 where none was.</summary>
    int Fault { get; }

    /// <summary>
    /// What a result commits to that says that step <paramref name="fault"/> was not finite (0: none), as far as this side came: state
    /// roots, and for a fault the root of the step's values. Empty for a task without steps.
    /// </summary>
    Hash256[] Trace(int fault);

    /// <summary>The encoded leaf of the graph for a value, and its Merkle path.</summary>
    (byte[] Encoded, Hash256[] Path) Node(int value);

    /// <summary>State roots after each step of an interval, counted from 1.</summary>
    Hash256[] StepRoots(int interval);

    /// <summary>Leaves of the state after some steps of the task.</summary>
    Hash256[] StateLeaves(int steps);

    /// <summary>Content ids of all values of a step, counted from 0 within the task.</summary>
    Hash256[] ValueRoots(int step);

    /// <summary>Leaves of the state that the values of a step make up.</summary>
    Hash256[] LeavesAfter(int step);

    /// <summary>What the parts of a chunk of a value leave.</summary>
    PartRun Parts(int step, int value, long chunk);

    /// <summary>Padded bytes of a value of a step.</summary>
    byte[] ValueBytes(int step, int value);

    /// <summary>Bytes of an input, an output or any other blob by content id; null when it is not at hand.</summary>
    byte[]? Blob(Hash256 content);
}
