using System.Collections.Concurrent;
using Starling.Compute.Kernels;
using Starling.Node.Contract;
using Starling.Node.Disputing;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>Runs the real programs, each specification once for all seeds of a process.</summary>
public sealed class TaskLab : ITaskLab
{
    private readonly ConcurrentDictionary<Hash256, TaskRun> _done = new();
    private readonly ConcurrentDictionary<Hash256, DisputeMove> _moves = new();

    public int Executed => _done.Count;

    public TaskRun Run(TaskSpec spec, Func<Hash256, byte[]> read) =>
        _done.GetOrAdd(Blake3.Hash(RecordCodec.Encode(spec)), _ => TaskPrograms.Execute(
            spec, Array.ConvertAll(spec.Inputs, i => (ReadOnlyMemory<byte>)read(i)), new TaskContext(VectorBackend.Best())));

    public TaskRun RunOnOtherBytes(TaskSpec spec, Func<Hash256, byte[]> read) => TaskPrograms.Execute(
        spec, Array.ConvertAll(spec.Inputs, i => (ReadOnlyMemory<byte>)Flipped(read(i))), new TaskContext(VectorBackend.Best()));

    /// <summary>One bit in the middle is another.</summary>
    private static byte[] Flipped(byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[flipped.Length / 2] ^= 1;
        return flipped;
    }

    /// <summary>Moves do not depend on the dispute's name: each is worked out once for all seeds.</summary>
    public DisputeMove Play(PlayMove move, Func<Hash256, byte[]?> read)
    {
        var key = Blake3.Hash([
            .. RecordCodec.Encode(move.Spec), .. move.Claim.Root().ToArray(), .. RecordCodec.Encode(move.Dispute.Position),
            (byte)move.Dispute.Turn,
        ]);
        var made = _moves.GetOrAdd(
            key, _ => new DisputePlayer(VectorBackend.Best()).Play(move.Spec, move.Claim, move.Dispute, read));
        var id = move.Dispute.Id;
        return made with
        {
            Body = made.Body switch
            {
                PostClaims post => post with { Dispute = id },
                ChooseClaim choose => choose with { Dispute = id },
                OpenInputs open => open with { Dispute = id },
                _ => made.Body,
            },
        };
    }
}
