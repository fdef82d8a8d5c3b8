using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// An honest node on a machine that now and then computes something else and does not notice: a result, an audit, or a
/// move of a dispute. Who computed wrongly may lose; a correct result must stand.
/// </summary>
/// <param name="honest">The role.</param>
/// <param name="every">One computation in so many is wrong, by its hash.</param>
public sealed class FailingDevice(IRole honest, int every) : Adversary(honest)
{
    private ulong _count;

    private protected override void Hear(Timestamp now, Input input, EffectList effects)
    {
        if (input is TaskEnded { Outcome: TaskOutcome.Completed { Claim: { Outputs.Length: > 0 } claim } } ended && Fails(ended.Run))
            input = ended with { Outcome = new TaskOutcome.Completed(Damaged(claim)) };
        else if (input is MoveReady { Move: { } move } ready && Fails(ready.Run))
            input = ready with { Move = Damaged(move) };
        Pass(now, input);
    }

    private bool Fails(string run)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes($"{run} {_count++}");
        return Blake3.Hash("failing device", bytes).Prefix % (ulong)every == 0;
    }

    private ResultClaim Damaged(ResultClaim claim) => claim with
    {
        Outputs = [Blake3.Hash([.. claim.Outputs[0].ToArray(), (byte)_count]), .. claim.Outputs[1..]],
    };

    private static TransactionBody Damaged(TransactionBody move) => move switch
    {
        PostClaims { Claims.Length: > 0 } post => post with { Claims = [.. post.Claims[..^1], Blake3.Hash(post.Claims[^1].ToArray())] },
        ChooseClaim choose => choose with { Index = choose.Index + 1 },
        OpenInputs open => open with { Openings = Flipped(open.Openings) },
        _ => move,
    };

    private static byte[] Flipped(byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[flipped.Length / 2] ^= 4;
        return flipped;
    }
}
