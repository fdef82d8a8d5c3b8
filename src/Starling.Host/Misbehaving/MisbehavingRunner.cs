using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Misbehaving;

/// <summary>Does everything honestly but starting tasks.</summary>
internal abstract class MisbehavingRunner(ITaskRunner honest) : ITaskRunner
{
    public abstract void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended);

    public void Play(PlayMove move, Action<DisputeMove> ended) => honest.Play(move, ended);

    public void Cancel(string run) => honest.Cancel(run);
}
