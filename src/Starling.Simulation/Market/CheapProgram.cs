using System.Buffers.Binary;
using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Simulation.Market;

/// <summary>
/// A task of four states, each the hash of the last, and its referee, who hashes once: the ledger's whole way from a
/// commitment to a conviction at a few microseconds a task, so that rates can be measured over very many.
/// </summary>
public sealed class CheapProgram : IRefereeProgram
{
    /// <summary>States of a trace, the first included.</summary>
    public const int States = 4;

    private const int Outputs = 2;

    public static CheapProgram Instance { get; } = new();

    /// <summary>The result that an honest machine gives.</summary>
    public static ResultClaim Truth(TaskId task) => Claim(Trace(task, States, 0));

    /// <summary>A result that is wrong from one state on, and follows from that state by the rules.</summary>
    /// <param name="task">The task.</param>
    /// <param name="state">The first wrong state.</param>
    /// <param name="lie">Two lies of one number are equal.</param>
    public static ResultClaim Wrong(TaskId task, int state, ulong lie) => Claim(Trace(task, state, lie));

    /// <summary>What the defender of a result posts first.</summary>
    public static Hash256[] Trace(TaskId task, int firstWrong, ulong lie)
    {
        var trace = new Hash256[States];
        for (var i = 0; i < States; i++)
        {
            trace[i] = i == 0 ? First(task) : Next(trace[i - 1]);
            if (i == firstWrong)
                trace[i] = Number("wrong state", trace[i], lie);
        }

        return trace;
    }

    public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) =>
        Ruling.Refuse(FailureCode.WrongMove);

    public Ruling Choose(TaskRecord task, DisputePosition position, int index) => Ruling.Refuse(FailureCode.WrongMove);

    /// <summary>Recomputes the one state, or output, that is in doubt.</summary>
    public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings)
    {
        var (index, agreed, disputed) = (position.Path[0], position.Agreed[0], position.Disputed[0]);
        var claim = task.Current.Claim!;
        if (index >= claim.TraceLength + claim.Outputs.Length)
            return Ruling.Decide(claim.TraceLength == States && claim.Outputs.Length == Outputs);
        var truth = index == 0 ? First(task.Id)
            : index < States ? Next(agreed)
            : Output(agreed, index - States);
        return Ruling.Decide(truth == disputed);
    }

    private static ResultClaim Claim(Hash256[] trace) =>
        new([Output(trace[^1], 0), Output(trace[^1], 1)], MerkleTree.Root(trace), trace.Length);

    private static Hash256 First(TaskId task) => Number("first state", task.Hash, 0);

    private static Hash256 Next(Hash256 state) => Number("next state", state, 0);

    private static Hash256 Output(Hash256 last, int index) => Number("output", last, (ulong)index);

    private static Hash256 Number(string domain, Hash256 value, ulong number)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size + sizeof(ulong)];
        value.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[Hash256.Size..], number);
        return Blake3.Hash(domain, bytes);
    }
}
