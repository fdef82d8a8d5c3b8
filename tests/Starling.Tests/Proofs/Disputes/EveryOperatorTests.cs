using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;
using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Starling.Tests.Arithmetic;
using Xunit;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>One wrong bit in one part of one chunk, for every operator of the catalogue.</summary>
public sealed class EveryOperatorTests(ITestOutputHelper output)
{
    private const long MostBeforeOpening = 64 << 10;
    private const int MostRounds = 9;

    [Fact]
    public void One_wrong_bit_convicts_and_a_false_accusation_does_not()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        HashSet<K> played = [];
        foreach (KernelCase c in RefereeTests.Long().Concat(KernelCases.Of(3, 270, 5)))
        {
            PinnedTensor[] inputs = c.Fill(0, edges: false);
            GraphSide honest = new(c, inputs), liar = new(c, inputs);
            int part = -1;
            for (int tries = 0; part < 0 && tries < 20; tries++)
                part = liar.Lie(random.NextInt64(honest.Blueprint.State[0].Layout.Chunks), random);
            if (part < 0)
                continue;
            GameResult convicted = DisputeGame.Play(liar.Claim, liar, honest);
            Assert.False(convicted.ResultHolds, $"{c}: {convicted}");
            GameResult acquitted = DisputeGame.Play(honest.Claim, honest, liar);
            Assert.True(acquitted.ResultHolds, $"{c}: {acquitted}");
            Assert.InRange(convicted.DefenderBytes - convicted.OpenedBytes, 1, MostBeforeOpening);
            if (played.Add(c.Operator.Kind))
                output.WriteLine($"{c.Operator.Kind}, part {part}: {convicted.Moves / 2} rounds, defender "
                    + $"{convicted.DefenderBytes - convicted.OpenedBytes} B of lists and {convicted.OpenedBytes} B opened, "
                    + $"challenger {convicted.ChallengerBytes} B");
        }

        Assert.Equal(Enum.GetValues<K>().Order(), played.Order());
    }

    /// <summary>10^6 steps of 5,000 operators, tensors of 1 GiB, sums of 32,768 terms, a state committed every 512 steps.</summary>
    [Fact]
    public void The_largest_search_stays_within_nine_rounds_and_64_KB()
    {
        var (rounds, bytes) = (0, 0L);
        foreach (int count in new[] { 1_954, 512, 5_000, 1 << 20, 512 })
            foreach (var (_, length) in NodeLists.PathTo(count, count - 1 - (count / 3)))
            {
                var list = new Starling.Protocol.Hashing.Hash256[NodeLists.ListLength(length)];
                (rounds, bytes) = (rounds + 1, bytes + new PostClaims(default, list) { Length = length }.Encode().Length);
            }

        output.WriteLine($"{rounds} rounds, {bytes} B listed");
        Assert.InRange(rounds, 1, MostRounds);
        Assert.InRange(bytes, 1, MostBeforeOpening);
    }

    [Fact]
    public void Every_list_leads_to_its_item_in_rounds_of_at_most_512_claims()
    {
        foreach (int count in new[] { 1, 2, 511, 512, 513, 5_000, 262_144, 262_145, 1_000_003 })
            foreach (int item in new[] { 0, count / 3, count - 1 })
            {
                long first = 0;
                foreach (var (index, length) in NodeLists.PathTo(count, item))
                {
                    Assert.InRange(NodeLists.ListLength(length), 1, NodeLists.Fanout);
                    first += index * NodeLists.GroupOf(length);
                }

                Assert.Equal(item, first);
            }
    }

    [Fact]
    public void A_trace_that_goes_on_past_a_step_that_is_not_finite_is_convicted()
    {
        KernelCase c = new(new Operator(K.Scale) { Factor = 1e38f }, [new(new Shape(5, 300))]);
        PinnedTensor[] inputs = c.Fill(0, edges: false);
        inputs[0].Data[700] = 1e30f;
        using GraphSide liar = new(c, inputs), honest = new(c, inputs) { StopsBefore = true };
        GameResult convicted = DisputeGame.Play(liar.Claim, liar, honest);
        Assert.False(convicted.ResultHolds, convicted.ToString());
        output.WriteLine(convicted.ToString());
        GameResult acquitted = DisputeGame.Play(honest.Claim, honest, liar);
        Assert.True(acquitted.ResultHolds, acquitted.ToString());
        output.WriteLine(acquitted.ToString());
    }

    [Fact]
    public void A_finite_step_that_is_claimed_not_to_be_is_convicted()
    {
        KernelCase c = new(new Operator(K.Scale) { Factor = 0.5f }, [new(new Shape(5, 300))]);
        PinnedTensor[] inputs = c.Fill(0, edges: false);
        using GraphSide liar = new(c, inputs) { StopsBefore = true }, honest = new(c, inputs);
        TaskRecord task = DisputeGame.TaskOf(liar.Claim, liar);
        DisputeRecord dispute = DisputeGame.DisputeOf(DisputePosition.Start, DisputeTurn.Defender);
        for (int round = 0; round < 2; round++)
        {
            Ruling listed = DisputeGame.Rule(task, dispute.Position, Defender.Move(liar, liar.Claim, dispute));
            DisputeRecord asked = DisputeGame.DisputeOf(listed.Next!, listed.Turn);
            dispute = DisputeGame.DisputeOf(
                DisputeGame.Rule(task, listed.Next!, Challenger.Move(honest, liar.Claim, asked)).Next!, DisputeTurn.Defender);
        }

        // It has no number to show, and one that is finite convicts it.
        Assert.Throws<InvalidOperationException>(() => Defender.Move(liar, liar.Claim, dispute));
        var (roots, bytes, value) = (liar.ValueRoots(0), liar.ValueBytes(0, liar.ResultValue), liar.ResultValue);
        ChunkOpening chunk = ChunkTree.Build(bytes).Open(0, 1);
        DisputeOpening opening = new(
            RecordCodec.Encode(liar.Blueprint), liar.Spec, [], [], [new OpenedClaim(value, roots[value], MerkleTree.Prove(roots, value))],
            [new OpenedPiece(bytes[..1_024], chunk.Siblings, chunk.Tail)], [], []);
        Ruling ruling = DisputeGame.Rule(
            task, dispute.Position, new OpenInputs(default, RecordCodec.Encode(opening with { Witness = [0, 0] })));
        Assert.False(ruling.ResultHolds);
        // Whoever names a number that is not there opens nothing.
        long[][] witnesses = [[], [0], [-1, 0], [0, -1], [long.MaxValue, 0]];
        foreach (long[] witness in witnesses)
            Assert.NotEqual(FailureCode.None, DisputeGame.Rule(
                task, dispute.Position, new OpenInputs(default, RecordCodec.Encode(opening with { Witness = witness }))).Code);
    }

    [Fact]
    public void A_finite_step_that_is_called_not_finite_stands()
    {
        KernelCase c = new(new Operator(K.Scale) { Factor = 0.5f }, [new(new Shape(5, 300))]);
        using GraphSide honest = new(c, c.Fill(0, edges: false));
        TaskRecord task = DisputeGame.TaskOf(honest.Claim, honest);
        DisputeRecord dispute = DisputeGame.DisputeOf(DisputePosition.Start, DisputeTurn.Defender);
        // The trace, the step, values not finite, the leaf, a chunk.
        foreach (int choice in new[] { 1, 0, 2 + (int)Objection.NotFinite - 1, 0, 3 })
        {
            Ruling listed = DisputeGame.Rule(task, dispute.Position, Defender.Move(honest, honest.Claim, dispute));
            Assert.Equal(FailureCode.None, listed.Code);
            Ruling chosen = DisputeGame.Rule(task, listed.Next!, new ChooseClaim(default, choice));
            Assert.Equal(FailureCode.None, chosen.Code);
            dispute = DisputeGame.DisputeOf(chosen.Next!, chosen.Turn);
        }

        Assert.True(DisputeGame.Rule(task, dispute.Position, Defender.Move(honest, honest.Claim, dispute)).ResultHolds);
    }

    [Fact]
    public void No_move_that_does_not_fit_is_taken_and_none_throws()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        KernelCase c = RefereeTests.Long().First();
        using GraphSide honest = new(c, c.Fill(0, edges: false));
        TaskRecord task = DisputeGame.TaskOf(honest.Claim, honest);
        for (int game = 0; game < 60; game++)
        {
            DisputePosition position = DisputePosition.Start;
            for (int move = 0; move < 30; move++)
            {
                TransactionBody body = Any(random, honest, position);
                Ruling ruling = DisputeGame.Rule(task, position, body);
                if (ruling.ResultHolds is not null)
                    break;
                Assert.Equal(ruling.Code == FailureCode.None, ruling.Next is not null);
                position = ruling.Next ?? position;
                Assert.InRange(position.Level, 0, DisputePosition.MaxLevels);
            }
        }
    }

    /// <summary>A move that is right, or nearly, or nonsense.</summary>
    private static TransactionBody Any(Random random, GraphSide side, DisputePosition position)
    {
        DisputeRecord dispute = DisputeGame.DisputeOf(position, DisputeTurn.Defender);
        if (position.Claims.Length > 0)
            return new ChooseClaim(default, random.Next(6) == 0 ? random.Next(-2, 600) : random.Next(position.Claims.Length));
        var list = new Starling.Protocol.Hashing.Hash256[random.Next(1, 600)];
        return random.Next(4) switch
        {
            0 => new PostClaims(default, list) { Length = random.Next(1, 5_000) },
            1 => new OpenInputs(default, [1, 2, 3]),
            _ => Defend(side, dispute) ?? new PostClaims(default, list),
        };
    }

    /// <summary>The honest move; null where a hostile list above has led to what an honest side does not have.</summary>
    private static TransactionBody? Defend(GraphSide side, DisputeRecord dispute)
    {
        try
        {
            return Defender.Move(side, side.Claim, dispute);
        }
        catch (Exception e) when (e is RefusedOpening or InvalidOperationException or ArgumentException or KeyNotFoundException
            or IndexOutOfRangeException or NullReferenceException)
        {
            return null;
        }
    }
}
