using System.Security.Cryptography;
using System.Threading.Channels;
using Starling.Compute.Generation;
using Starling.Host.Driver;
using Starling.Host.OpenAi;
using Starling.Host.Serving.Routing;
using Starling.Node.Messages;
using Starling.Node.Roles.Serving;
using Starling.Programs.Answers;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using OpenAiChunk = Starling.Host.OpenAi.AnswerChunk;

namespace Starling.Host.Serving;

/// <summary>
/// Answers by the workers of an endpoint. Where one dies, stalls or is cut off, another goes on behind the last delivered
/// token: decoding is bit-exact, so the client sees one answer without a seam.
/// </summary>
public sealed class WorkerAnswers : IAnswerSource
{
    private readonly RoleDriver _gateway;
    private readonly ServedModel _model;
    private readonly EndpointOrder _order;
    private readonly WorkerPatience _patience;
    private readonly TimeProvider _time;
    private readonly Router _router;
    private readonly Recent _firsts = new();
    private readonly Recent _gaps = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<JobId> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;
    private long _begun;
    private long _hedged;
    private int _accepted;
    private int _running;

    /// <param name="gateway">The gateway's node, which opens the endpoint and pays its workers.</param>
    /// <param name="model">For texts; its weights are those of the order.</param>
    /// <param name="order">The endpoint.</param>
    /// <param name="patience">How long to wait for whom.</param>
    /// <param name="time">Times the workers.</param>
    public WorkerAnswers(
        RoleDriver gateway, ServedModel model, EndpointOrder order, WorkerPatience patience, TimeProvider time)
    {
        (_gateway, _model, _order, _patience, _time) = (gateway, model, order, patience, time);
        _router = new Router(time, new Random());
        _watching = Task.Run(Watch);
    }

    public int Running => Volatile.Read(ref _running);

    public int Waiting => Math.Max(0, Volatile.Read(ref _accepted) - Running);

    public Exception? Failure { get; private set; }

    /// <summary>Completes when so many workers can be asked.</summary>
    public async Task Ready(int workers, CancellationToken cancel)
    {
        while (_router.Ready < workers)
        {
            var changed = _router.Changed;
            if (_router.Ready < workers)
                await (await Task.WhenAny(changed, _watching)).WaitAsync(cancel);
        }
    }

    /// <inheritdoc/>
    public Task<ChannelReader<OpenAiChunk>> Start(AnswerOrder order, CancellationToken cancel)
    {
        if (Failure is { } failure)
            throw new InvalidOperationException("the gateway's node has stopped", failure);
        if (Problem(order) is { } problem)
            throw new AnswerRefusedException(problem);
        var room = _router.Capacity + _patience.Queue;
        if (Interlocked.Increment(ref _accepted) > room)
        {
            Interlocked.Decrement(ref _accepted);
            throw new AnswerRefusedException(new RequestProblem(
                RequestProblemCode.Full, "request", $"All workers and {_patience.Queue} places of the queue are taken."));
        }

        var channel = Channel.CreateBounded<OpenAiChunk>(new BoundedChannelOptions(order.Settings.MaxNewTokens + 1)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        Interlocked.Increment(ref _begun);
        _ = Run(order, channel.Writer, cancel);
        return Task.FromResult(channel.Reader);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Why no worker would take it.</summary>
    private RequestProblem? Problem(AnswerOrder order)
    {
        if (order.Grammar?.Source.Length > AnswerLimits.Grammar)
            return new RequestProblem(
                RequestProblemCode.BadSetting, "response_format", $"The schema is longer than {AnswerLimits.Grammar} characters.");
        var request = new GenerationRequest
        {
            Id = default,
            Prompt = order.Prompt,
            Settings = order.Settings,
            Text = _model.Tokenizer.ContinueText(),
        };
        return RequestChecks.Check(request, _order.Terms.Capacity, _order.Terms.Vocabulary);
    }

    private async Task Watch()
    {
        try
        {
            await foreach (var news in _gateway.Ask(new KeepEndpoint(_order), _stop.Token))
            {
                if (news is not EndpointView { Endpoint: { } endpoint } view)
                    continue;
                _endpoint.TrySetResult(endpoint);
                _router.Update(view.Replicas);
            }
        }
        catch (Exception e)
        {
            Failure = e;
            _endpoint.TrySetException(e);
            throw;
        }
    }

    private async Task Run(AnswerOrder order, ChannelWriter<OpenAiChunk> writer, CancellationToken cancel)
    {
        var answer = new AnswerAssembly(_model, _order.Terms.Model, order, writer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        try
        {
            var endpoint = await _endpoint.Task.WaitAsync(_patience.Most, _time, stop.Token);
            var progress = _time.GetTimestamp();
            Replica? failed = null;
            while (!answer.IsOver)
            {
                var known = answer.Delivered.Length;
                failed = await Try(endpoint, order, answer, failed, stop.Token);
                if (answer.Delivered.Length > known)
                    progress = _time.GetTimestamp();
                else if (!answer.IsOver && _time.GetElapsedTime(progress) > _patience.Most)
                    throw new TimeoutException($"no worker gave anything for {_patience.Most.TotalSeconds:0} s");
            }

            writer.TryComplete();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            writer.TryComplete();
        }
        catch (Exception e)
        {
            writer.TryComplete(e);
        }
        finally
        {
            Interlocked.Decrement(ref _accepted);
            _router.Signal();
        }
    }

    /// <summary>Has one worker, or before the first token two, go on until the end or a failure; who failed.</summary>
    private async Task<Replica?> Try(
        JobId endpoint, AnswerOrder order, AnswerAssembly answer, Replica? failed, CancellationToken cancel)
    {
        if (await Choose(order, failed, cancel) is not { } replica)
            return null;
        var attempts = new List<WorkerAttempt> { Ask(endpoint, order, answer, replica, cancel) };
        Interlocked.Increment(ref _running);
        try
        {
            var heard = _time.GetTimestamp();
            while (attempts.Count > 0)
            {
                var hedge = attempts.Count == 1 && !answer.HasBegun ? HedgeAfter() : null;
                if (!await Wait(attempts, (hedge ?? Stall(answer)) - _time.GetElapsedTime(heard), cancel))
                {
                    if (hedge is not null && Hedge(order, attempts[0].Replica) is { } second)
                    {
                        attempts.Add(Ask(endpoint, order, answer, second, cancel));
                        continue;
                    }

                    if (hedge is not null && _time.GetElapsedTime(heard) < Stall(answer)
                        && await Wait(attempts, Stall(answer) - _time.GetElapsedTime(heard), cancel))
                        continue;
                    return Fail(attempts[0].Replica);
                }

                var attempt = attempts.First(static a => a.Next.IsCompleted);
                var said = await attempt.Next;
                attempt.Taken();
                if (said is not AnswerPart part)
                {
                    if (said is AnswerEnded { Why: AnswerEnd.Complete })
                        return null;
                    attempts.Remove(attempt);
                    await attempt.DisposeAsync();
                    failed = Fail(attempt.Replica);
                    continue;
                }

                foreach (var other in attempts.Where(a => a != attempt).ToArray())
                {
                    attempts.Remove(other);
                    await other.DisposeAsync();
                }

                Measure(attempt, answer, heard);
                heard = _time.GetTimestamp();
                answer.Take(part);
            }

            return failed;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            foreach (var attempt in attempts)
                await attempt.DisposeAsync();
        }
    }

    /// <summary>A worker with room; waits for one. One that has just failed is asked again only where there is no other.</summary>
    private async Task<Replica?> Choose(AnswerOrder order, Replica? failed, CancellationToken cancel)
    {
        var changed = _router.Changed;
        var replica = _router.Choose(order.Prompt.Span, failed, rested: false) ?? _router.Choose(order.Prompt.Span, null, rested: false);
        if (replica is not null)
            return replica;
        await Task.WhenAny(changed, Task.Delay(_patience.LeastStall / 4, _time, cancel));
        cancel.ThrowIfCancellationRequested();
        return _router.Choose(order.Prompt.Span, null, rested: true);
    }

    private WorkerAttempt Ask(JobId endpoint, AnswerOrder order, AnswerAssembly answer, Replica replica, CancellationToken cancel)
    {
        var beyond = new AnswerBeyond([.. order.Settings.StopTexts], order.Grammar?.Source ?? "");
        Span<byte> nonce = stackalloc byte[Hash256.Size];
        RandomNumberGenerator.Fill(nonce);
        var request = new AnswerRequest(
            endpoint, _order.Terms.Model, new Hash256(nonce), order.Prompt.ToArray(), answer.Delivered,
            AnswerRequests.ToSampling(order.Settings), beyond.Hash());
        return new WorkerAttempt(
            _gateway, replica, new RequestAnswer(replica.Worker, replica.Channel, request, beyond, order.Settings.TopLogprobs),
            _time.GetTimestamp(), cancel);
    }

    /// <summary>Whether somebody said something within the time.</summary>
    private async Task<bool> Wait(List<WorkerAttempt> attempts, TimeSpan atMost, CancellationToken cancel)
    {
        if (attempts.Exists(static a => a.Next.IsCompleted))
            return true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var late = Task.Delay(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, _time, over.Token);
        await Task.WhenAny([late, .. attempts.Select(static a => a.Next)]);
        cancel.ThrowIfCancellationRequested();
        await over.CancelAsync();
        return attempts.Exists(static a => a.Next.IsCompleted);
    }

    /// <summary>After what time without a first token a second worker may be asked; null where none may.</summary>
    /// <remarks>
    /// The 90th hundredth, since what hedging helped stands among the last twentieth: measured there, the delay would feed on
    /// itself. Twice the median, so that workers which are all alike are not asked in pairs.
    /// </remarks>
    private TimeSpan? HedgeAfter()
    {
        if (Interlocked.Read(ref _hedged) + 1 > _patience.HedgeShare * Interlocked.Read(ref _begun)
            || _firsts.Quantile(0.9, 20) is not { } late || _firsts.Quantile(0.5, 20) * 2 is not { } twice)
            return null;
        return late > twice ? late : twice;
    }

    private Replica? Hedge(AnswerOrder order, Replica first)
    {
        var within = Interlocked.Increment(ref _hedged) <= _patience.HedgeShare * Interlocked.Read(ref _begun);
        if (within && _router.Choose(order.Prompt.Span, first, rested: false) is { } second)
            return second;
        Interlocked.Decrement(ref _hedged);
        return null;
    }

    private TimeSpan Stall(AnswerAssembly answer)
    {
        var usual = (answer.HasBegun ? _gaps : _firsts).Quantile(0.99, 20) ?? _patience.MostStall;
        var bound = usual * _patience.StallFactor;
        return bound < _patience.LeastStall ? _patience.LeastStall : bound > _patience.MostStall ? _patience.MostStall : bound;
    }

    private Replica Fail(Replica replica)
    {
        replica.Rest(_time.GetTimestamp() + (long)(_patience.Rest.TotalSeconds * _time.TimestampFrequency));
        return replica;
    }

    private void Measure(WorkerAttempt attempt, AnswerAssembly answer, long heard)
    {
        if (answer.HasBegun)
        {
            _gaps.Add(_time.GetElapsedTime(heard));
            return;
        }

        var first = _time.GetElapsedTime(attempt.Started);
        attempt.Replica.First.Add(first);
        _firsts.Add(first);
    }
}
