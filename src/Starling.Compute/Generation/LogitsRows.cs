using Starling.Arithmetic;

namespace Starling.Compute.Generation;

/// <summary>The rows of logits of one step, each with the request whose next token is chosen from it. Valid for the call only.</summary>
public sealed class LogitsRows
{
    private readonly RequestId[] requests;
    private readonly int[] rows;
    private TensorView logits;

    internal LogitsRows(int most)
    {
        requests = new RequestId[most];
        rows = new int[most];
    }

    public int Count { get; private set; }

    public RequestId Request(int index) => requests[index];

    public ReadOnlySpan<float> Row(int index) => logits.Row(rows[index]);

    internal void Begin(TensorView of) => (logits, Count) = (of, 0);

    internal void Add(RequestId request, int row)
    {
        requests[Count] = request;
        rows[Count++] = row;
    }
}
