using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Ports;

/// <summary>
/// Runs tasks of one node. A run always computes: there is no cache by specification, since an auditor that took a
/// provider's result for its own would check nothing.
/// </summary>
public interface ITaskRunner
{
    /// <summary>
    /// Queues a run: work before audits, then in order of arrival. <paramref name="ended"/> is called once, from any
    /// thread, unless the run is cancelled before it ends.
    /// </summary>
    void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended);

    /// <summary>Queues the working out of a dispute's move.</summary>
    void Play(PlayMove move, Action<DisputeMove> ended);

    /// <summary>Stops a run; unknown names are ignored.</summary>
    void Cancel(string run);
}
