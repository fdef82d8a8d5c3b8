using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Soft;
using Starling.Ledger.Disputes;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Protocol.Transactions;
using Starling.Tests.Arithmetic;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>The ledger's referee on a processor that errs: the last question meets results that differ from integers.</summary>
internal sealed class BrokenMachine : IRefereeProgram
{
    public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) =>
        RefereeProgram.Instance.Post(task, position, body);

    public Ruling Choose(TaskRecord task, DisputePosition position, int index) =>
        RefereeProgram.Instance.Choose(task, position, index);

    public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings)
    {
        var ruling = RefereeProgram.Instance.Open(task, position, openings);
        Assert.NotNull(ruling.ResultHolds);
        Shape[] shapes = [new(2, 300), new(300, 5)];
        var referee = Referee.Of<WrappedLanes<Erring>, HardDoubles, SoftLanes, SoftDoubles>(
            new(OperatorKind.Product), shapes, 0);
        var random = new Random(2);
        referee.Next(0, referee.Start, (_, chunks) =>
        {
            var numbers = new float[256 * chunks.Length];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = random.NextSingle();
            return System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(numbers).ToArray();
        });
        return ruling;
    }
}
