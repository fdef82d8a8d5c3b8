using Starling.Host.Ports;
using Starling.Programs.Tasks;

namespace Starling.Host.Tasks;

/// <summary>Runs one task at a time on the thread that made it.</summary>
public interface ITaskEngine
{
    /// <summary>Computes the task from blobs to blobs.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="StorageException">An input could not be read or an output not kept.</exception>
    TaskOutcome Run(TaskSpec spec, IBlobStore blobs, CancellationToken cancel);
}
