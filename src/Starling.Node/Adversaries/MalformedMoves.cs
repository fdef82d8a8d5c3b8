using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// Answers every dispute with what no honest player sends: lists of another length, bytes that decode to nothing, an
/// index beyond all claims. Each is refused with a code and leaves the turn where it was; silence past the deadline loses.
/// </summary>
public sealed class MalformedMoves(IRole honest) : Adversary(honest)
{
    private const int Bytes = 100_000;

    private protected override void Hear(Timestamp now, Input input, EffectList effects) =>
        Pass(now, input is MoveReady { Move: { } move } ready ? ready with { Move = Malformed(move) } : input);

    private static TransactionBody Malformed(TransactionBody move) => move switch
    {
        PostClaims post => post with { Claims = [.. post.Claims.Reverse(), Blake3.Hash("more"u8)], Length = post.Length + 1 },
        OpenInputs open => open with { Openings = Junk() },
        ChooseClaim choose => choose with { Index = int.MaxValue },
        _ => move,
    };

    private static byte[] Junk()
    {
        var bytes = new byte[Bytes];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 167);
        return bytes;
    }
}
