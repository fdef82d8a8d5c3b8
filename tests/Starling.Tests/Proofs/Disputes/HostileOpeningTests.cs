using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

public class HostileOpeningTests(ITestOutputHelper output)
{
    private static PlannedRun Job => PlannedRun.Text;

    /// <summary>Only the one right opening decides; any other bytes are refused with a code and change nothing.</summary>
    [Fact]
    public void No_altered_opening_acquits_a_liar_or_throws()
    {
        var (task, position, opening) = LastMove();
        Assert.NotNull(DisputeGame.Rule(task, position, new OpenInputs(default, opening)).ResultHolds);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {opening.Length} bytes");
        var random = new Random(seed);
        for (var i = 0; i < 3_000; i++)
            Refused(task, position, Altered(opening, random));
        for (var length = 0; length < opening.Length; length += 37)
            Refused(task, position, opening[..length]);
        Refused(task, position, [.. opening, 0]);
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var (task, position, _) = LastMove();
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Refused(task, position, bytes);
        }
    }

    private static void Refused(TaskRecord task, DisputePosition position, byte[] opening)
    {
        var ruling = DisputeGame.Rule(task, position, new OpenInputs(default, opening));
        Assert.NotEqual(FailureCode.None, ruling.Code);
        Assert.Null(ruling.ResultHolds);
    }

    private static byte[] Altered(byte[] opening, Random random)
    {
        var bytes = (byte[])opening.Clone();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    /// <summary>A false accusation against an honest worker, one move before its end.</summary>
    private static (TaskRecord Task, DisputePosition Position, byte[] Opening) LastMove()
    {
        const string Node = "inner/1/0";
        using var honest = Job.Side(Node);
        var claim = Job.Claim(Job[Node]);
        var task = DisputeGame.TaskOf(claim, honest);
        var dispute = DisputeGame.DisputeOf(DisputePosition.Start, DisputeTurn.Defender);
        int[] choices = [1, 0, honest.Blueprint.Inputs.Length + 8, 0];
        for (var i = 0; ; i++)
        {
            var move = Defender.Move(honest, claim, dispute);
            if (move is OpenInputs open)
                return (task, dispute.Position, open.Openings);
            var ruling = DisputeGame.Rule(task, dispute.Position, move);
            ruling = DisputeGame.Rule(task, ruling.Next!, new ChooseClaim(default, choices[i]));
            dispute = DisputeGame.DisputeOf(ruling.Next!, ruling.Turn);
        }
    }
}
