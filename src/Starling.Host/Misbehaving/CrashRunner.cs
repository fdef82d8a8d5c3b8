using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Misbehaving;

/// <summary>Takes its node down with its first task.</summary>
internal sealed class CrashRunner(ITaskRunner honest, Action crash) : MisbehavingRunner(honest)
{
    public override void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended) => crash();
}
