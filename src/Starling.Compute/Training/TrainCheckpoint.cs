using System.Buffers.Binary;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>Where a run stands in its data: batches are drawn from these numbers alone.</summary>
/// <param name="Seed">The job's seed.</param>
/// <param name="Worker">The worker's number.</param>
/// <param name="Step">Steps done.</param>
public readonly record struct DataCursor(ulong Seed, int Worker, long Step);

/// <summary>
/// A state between two steps as one blob: a chunk with the cursor, then parameters and moments as
/// <see cref="StateBlob"/> writes them. A run that goes on from it has the bits of one that never stopped.
/// </summary>
/// <remarks>
/// The head is little-endian: "STLCKPT" and the version, seed, step, worker, and the bytes of either part; zeros fill it up
/// to 1 KiB, so that every tensor keeps its place on a chunk.
/// </remarks>
public static class TrainCheckpoint
{
    private const int HeadBytes = 1024;
    private const int FieldBytes = 44;
    private const ulong Magic = 0x01_54504B434C5453; // "STLCKPT", version 1

    public static byte[] Encode(TrainState state, ulong seed, int worker)
    {
        long parameters = state.Parameters.Layout.TotalBytes, moments = state.Moments.Layout.TotalBytes;
        var blob = new byte[checked(HeadBytes + parameters + moments)];
        Span<byte> head = blob;
        BinaryPrimitives.WriteUInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], seed);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], state.Step);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], worker);
        BinaryPrimitives.WriteInt64LittleEndian(head[28..], parameters);
        BinaryPrimitives.WriteInt64LittleEndian(head[36..], moments);
        StateBlob.Encode(state.Parameters, blob.AsSpan(HeadBytes, (int)parameters));
        StateBlob.Encode(state.Moments, blob.AsSpan(HeadBytes + (int)parameters));
        return blob;
    }

    /// <summary>The state and its cursor, or null with the problem. The caller disposes the state.</summary>
    public static TrainState? Decode(ModelConfig model, ReadOnlySpan<byte> blob, out DataCursor cursor, out TensorProblem? problem)
    {
        TrainState state = new(model);
        problem = ReadHead(blob, state, out cursor)
            ?? StateBlob.Decode(blob.Slice(HeadBytes, (int)state.Parameters.Layout.TotalBytes), state.Parameters)
            ?? StateBlob.Decode(blob[(HeadBytes + (int)state.Parameters.Layout.TotalBytes)..], state.Moments);
        if (problem is null)
        {
            state.Step = cursor.Step;
            return state;
        }

        state.Dispose();
        return null;
    }

    private static TensorProblem? ReadHead(ReadOnlySpan<byte> blob, TrainState state, out DataCursor cursor)
    {
        cursor = default;
        long parameters = state.Parameters.Layout.TotalBytes, moments = state.Moments.Layout.TotalBytes;
        if (blob.Length < HeadBytes || BinaryPrimitives.ReadUInt64LittleEndian(blob) != Magic)
            return new TensorProblem(TensorProblemCode.BadHeader, null, "This is no checkpoint of version 1.");
        if (blob[FieldBytes..HeadBytes].ContainsAnyExcept((byte)0))
            return new TensorProblem(TensorProblemCode.PaddingNotZero, null, "The checkpoint's head has padding that is not zero.");
        cursor = new DataCursor(
            BinaryPrimitives.ReadUInt64LittleEndian(blob[8..]), BinaryPrimitives.ReadInt32LittleEndian(blob[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(blob[16..]));
        if (cursor.Step < 0 || cursor.Worker < 0)
            return new TensorProblem(TensorProblemCode.BadHeader, null, "The checkpoint's step or worker is negative.");
        if (BinaryPrimitives.ReadInt64LittleEndian(blob[28..]) != parameters
            || BinaryPrimitives.ReadInt64LittleEndian(blob[36..]) != moments)
            return new TensorProblem(
                TensorProblemCode.BadShape, null, $"The checkpoint is of another model: this one has {parameters} bytes of parameters.");
        long wanted = HeadBytes + parameters + moments;
        return blob.Length == wanted
            ? null
            : new TensorProblem(
                blob.Length < wanted ? TensorProblemCode.Truncated : TensorProblemCode.TooLarge, null,
                $"The checkpoint has {blob.Length} bytes, not {wanted}.");
    }
}
