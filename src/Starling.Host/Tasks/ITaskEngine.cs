using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Tasks;

/// <summary>Computes one thing at a time on the thread that made it.</summary>
public interface ITaskEngine
{
    /// <summary>Computes the task from blobs to blobs.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="StorageException">An output could not be kept.</exception>
    TaskOutcome Run(TaskSpec spec, IBlobStore blobs, CancellationToken cancel);

    /// <summary>Works out a move of a dispute.</summary>
    DisputeMove Play(PlayMove move, IBlobStore blobs, CancellationToken cancel);
}
