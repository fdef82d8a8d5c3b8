using System.Text;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Host.OpenAi;

/// <summary>
/// Collects what the receipt of one request's answers takes while they are delivered, and keeps it once all are whole.
/// An answer that was cut off leaves none.
/// </summary>
internal sealed class ReceiptNotes
{
    private readonly GatewayRequest _request;
    private readonly AnswerReceipts _receipts;
    private readonly string[] _stops;
    private readonly IReadOnlyList<int[]> _prompts;
    private readonly StringBuilder[] _texts;
    private readonly AnswerRecord?[] _records;
    private int _missing;

    /// <param name="prompts">Of each answer.</param>
    public ReceiptNotes(GatewayRequest request, AnswerReceipts receipts, IReadOnlyList<int[]> prompts, IEnumerable<string> stops)
    {
        (_request, _receipts, _prompts, _stops) = (request, receipts, prompts, [.. stops]);
        _missing = prompts.Count;
        _texts = [.. prompts.Select(static _ => new StringBuilder())];
        _records = new AnswerRecord?[prompts.Count];
        Nonce = Proofs.Answers.AnswerReceipt.NonceOf(request.Id, request.Model.Name, request.Model.Context, _stops, prompts.Count);
    }

    /// <summary>Ties the answers to this receipt.</summary>
    public Hash256 Nonce { get; }

    /// <summary>Where the receipt of a request is fetched.</summary>
    public static string PathOf(string id) => $"/v1/answers/{id}/receipt";

    /// <summary>Takes the next chunk of an answer. Chunks of one answer come one after the other.</summary>
    public void Take(int index, AnswerChunk chunk)
    {
        _texts[index].Append(chunk.Text);
        if (chunk.Record is null)
            return;
        _records[index] = chunk.Record;
        if (Interlocked.Decrement(ref _missing) == 0)
            _receipts.Keep(new UnsignedReceipt(
                _request.Id, _request.Key?.Id, _request.Model.Name, _request.Model.Context, _stops,
                [.. _prompts.Select(p => _request.Model.Tokenizer.Decode(p))], [.. _texts.Select(static t => t.ToString())], _records!));
    }
}
