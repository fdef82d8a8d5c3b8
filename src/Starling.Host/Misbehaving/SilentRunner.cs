using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Misbehaving;

/// <summary>Takes tasks and never finishes one.</summary>
internal sealed class SilentRunner(ITaskRunner honest) : MisbehavingRunner(honest)
{
    public override void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended)
    {
    }
}
