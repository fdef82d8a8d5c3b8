using System.Threading.Channels;
using Starling.Compute.Generation;
using Starling.Programs.Inference.Grammars;

namespace Starling.Host.OpenAi;

/// <summary>The answers to one request, side by side: several prompts, several choices to each.</summary>
internal sealed class AnswerSet : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly List<ChannelReader<AnswerChunk>> _readers = [];
    private readonly ReceiptNotes? _notes;

    private AnswerSet(CancellationToken aborted, ReceiptNotes? notes) =>
        (_stop, _notes) = (CancellationTokenSource.CreateLinkedTokenSource(aborted), notes);

    public int Count => _readers.Count;

    /// <summary>Begins them all; none runs if one is refused.</summary>
    public static async Task<AnswerSet> Start(
        GatewayRequest request, IAnswerSource source, IReadOnlyList<int[]> prompts, int choices, GenerationSettings settings,
        AnswerGrammar? grammar)
    {
        var notes = grammar is null ? request.Notes([.. prompts.SelectMany(p => Enumerable.Repeat(p, choices))], settings.StopTexts) : null;
        var set = new AnswerSet(request.Aborted, notes);
        try
        {
            foreach (var prompt in prompts)
                for (var choice = 0u; choice < choices; choice++)
                {
                    var order = new AnswerOrder(prompt, settings with { Choice = choice }, grammar) { Nonce = notes?.Nonce };
                    set._readers.Add(await source.Start(order, set._stop.Token));
                }

            return set;
        }
        catch (AnswerRefusedException e)
        {
            set.Dispose();
            throw OpenAiErrors.Of(e.Problem);
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>The chunks of one answer.</summary>
    public async IAsyncEnumerable<AnswerChunk> Of(int index)
    {
        await foreach (var chunk in _readers[index].ReadAllAsync(_stop.Token))
        {
            _notes?.Take(index, chunk);
            yield return chunk;
        }
    }

    /// <summary>The chunks of all answers as they come.</summary>
    public IAsyncEnumerable<(int Index, AnswerChunk Chunk)> All()
    {
        // One more than is written at a time: those who are ahead wait for the client.
        var merged = Channel.CreateBounded<(int, AnswerChunk)>(_readers.Count);
        _ = Merge(merged.Writer);
        return merged.Reader.ReadAllAsync(_stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task Merge(ChannelWriter<(int, AnswerChunk)> writer)
    {
        try
        {
            await Task.WhenAll(_readers.Select(async (reader, index) =>
            {
                await foreach (var chunk in reader.ReadAllAsync(_stop.Token))
                {
                    _notes?.Take(index, chunk);
                    await writer.WriteAsync((index, chunk), _stop.Token);
                }
            }));
            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }
}
