using Starling.Ledger.Applying;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Starling.Tests.Arithmetic;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

public class HostileOpeningTests(ITestOutputHelper output)
{
    private static PlannedRun Job => PlannedRun.Text;

    /// <summary>Only the one right opening decides; any other bytes are refused with a code and change nothing.</summary>
    [Theory]
    [InlineData(false, 3_000)]
    [InlineData(true, 1_000)]
    public void No_altered_opening_acquits_a_liar_or_throws(bool inParts, int alterations)
    {
        var (task, position, opening) = inParts ? LastMoveInParts() : LastMove();
        Assert.Equal(inParts, new Search(position, task.Current.Claim!)[StageKind.Parts] is { IsItem: true, First: 1 });
        Assert.NotNull(DisputeGame.Rule(task, position, new OpenInputs(default, opening)).ResultHolds);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {opening.Length} bytes");
        var random = new Random(seed);
        for (var i = 0; i < alterations; i++)
            Refused(task, position, Altered(opening, random));
        for (var length = 0; length < opening.Length; length += Math.Max(37, opening.Length / 300))
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
        return LastMove(honest, Job.Claim(Job[Node]), [1, 0, honest.Blueprint.Inputs.Length + 8, 0]);
    }

    /// <summary>The same about the second part of a sum of 600 products.</summary>
    private static (TaskRecord Task, DisputePosition Position, byte[] Opening) LastMoveInParts()
    {
        var product = RefereeTests.Long().First();
        using var honest = new GraphSide(product, product.Fill(0, edges: false));
        return LastMove(honest, honest.Claim, [1, 0, honest.Blueprint.Inputs.Length, 0, 1]);
    }

    private static (TaskRecord Task, DisputePosition Position, byte[] Opening) LastMove(
        IDisputeSide honest, ResultClaim claim, int[] choices)
    {
        var task = DisputeGame.TaskOf(claim, honest);
        var dispute = DisputeGame.DisputeOf(DisputePosition.Start, DisputeTurn.Defender);
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
