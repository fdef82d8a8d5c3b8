using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Host.Misbehaving;

/// <summary>
/// Shows a result without computing it: bytes of its own making where the program's outputs should be, as many as any
/// program gives.
/// </summary>
internal sealed class LazyRunner(ITaskRunner honest, IBlobStore blobs) : MisbehavingRunner(honest)
{
    public override void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended)
    {
        var madeUp = blobs.Put(RecordCodec.Encode(spec));
        ended(new TaskOutcome.Completed(new ResultClaim([madeUp, madeUp, madeUp], madeUp, 1)));
    }
}
