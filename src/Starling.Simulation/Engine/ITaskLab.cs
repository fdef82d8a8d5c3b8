using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;

namespace Starling.Simulation.Engine;

/// <summary>Runs tasks for the whole network. A task is a pure function, so remembering by specification is exact.</summary>
public interface ITaskLab
{
    TaskRun Run(TaskSpec spec, Func<Hash256, byte[]> read);

    /// <summary>What a machine makes of inputs that it read wrongly and did not check.</summary>
    TaskRun RunOnOtherBytes(TaskSpec spec, Func<Hash256, byte[]> read);

    /// <summary>Works out a move of a dispute, honestly.</summary>
    DisputeMove Play(PlayMove move, Func<Hash256, byte[]?> read);
}
