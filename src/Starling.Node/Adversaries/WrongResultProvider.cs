using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>Computes honestly, then flips one bit in the middle of each result's first output.</summary>
public sealed class WrongResultProvider(IRole honest) : Adversary(honest)
{
    private const string Tag = "wrong-result/";

    private readonly Dictionary<string, (TaskEnded Ended, TaskOutcome.Completed Outcome)> _held = [];

    private protected override void Hear(Timestamp now, Input input, EffectList effects)
    {
        if (input is TaskEnded { Outcome: TaskOutcome.Completed { Claim.Outputs.Length: > 0 } completed } ended)
        {
            _held[Tag + ended.Run] = (ended, completed);
            effects.Add(new ReadBlob(Tag + ended.Run, completed.Claim.Outputs[0]));
        }
        else if (input is BlobRead read && _held.Remove(read.Tag, out var held))
        {
            Pass(now, read.Bytes is { Length: > 0 } bytes ? Altered(held.Ended, held.Outcome, bytes, effects) : held.Ended);
        }
        else
        {
            Pass(now, input);
        }
    }

    private static TaskEnded Altered(TaskEnded ended, TaskOutcome.Completed completed, byte[] bytes, EffectList effects)
    {
        // The lowest byte of a float: a number that is only slightly off is the hardest to notice.
        var altered = (byte[])bytes.Clone();
        altered[altered.Length / 2 / 4 * 4] ^= 1;
        effects.Add(new PutBlob(altered));
        var outputs = (Hash256[])completed.Claim.Outputs.Clone();
        outputs[0] = ContentId.Of(altered).Hash;
        return ended with { Outcome = new TaskOutcome.Completed(completed.Claim with { Outputs = outputs }) };
    }
}
