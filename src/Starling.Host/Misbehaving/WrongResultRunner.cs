using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Transactions;

namespace Starling.Host.Misbehaving;

/// <summary>Computes, then changes the last byte of the first output: a lie that still looks like a result.</summary>
internal sealed class WrongResultRunner(ITaskRunner honest, IBlobStore blobs) : MisbehavingRunner(honest)
{
    private readonly ITaskRunner _honest = honest;

    public override void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended) =>
        _honest.Start(run, spec, purpose, outcome => ended(
            outcome is TaskOutcome.Completed { Claim: var claim } ? new TaskOutcome.Completed(Falsify(claim)) : outcome));

    private ResultClaim Falsify(ResultClaim claim)
    {
        var bytes = blobs.Read(claim.Outputs[0])!;
        bytes[^1] ^= 1;
        return claim with { Outputs = [blobs.Put(bytes), .. claim.Outputs[1..]] };
    }
}
