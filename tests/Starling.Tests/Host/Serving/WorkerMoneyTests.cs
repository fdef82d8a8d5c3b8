using Starling.Compute.Generation;
using Starling.Host.Api;
using Starling.Host.OpenAi;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Xunit;

namespace Starling.Tests.Host.Serving;

/// <summary>What workers delivered is what they commit to, what vouchers pay, and what leaves their channels.</summary>
public sealed class WorkerMoneyTests
{
    private const int Prompt = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWasDeliveredIsCommittedToAndPaidToTheLastMicroCredit()
    {
        await using var serving = await ServingWorkers.Start(2, intervalMs: 1_500);
        var tokens = 0;
        for (var i = 0; i < 6; i++)
        {
            var settings = new GenerationSettings { MaxNewTokens = 20 + i, Temperature = 1, Seed = (ulong)i };
            var order = new AnswerOrder(new[] { 1, 2, Prompt }, settings, null);
            await foreach (var chunk in (await serving.Answers.Start(order, Cancel)).ReadAllAsync(Cancel))
                tokens += chunk.Token >= 0 ? 1 : 0;
        }

        var work = (6 * Prompt * serving.Order.Terms.PromptWork) + ((ulong)tokens * serving.Order.Terms.TokenWork);
        var genesis = serving.Network.Genesis;
        var replay = LedgerReplay.Start(genesis, serving.Network.Gateway.Store, serving.Network.Blobs, null, Ed25519.Instance);
        while (true)
        {
            replay.CatchUp();
            var tasks = replay.State.Tasks.InOrder().Where(t => t.Answers is not null).ToArray();
            if (tasks.Aggregate(0UL, (sum, t) => sum + t.Issue.Work) == work && tasks.All(t => t.Answers!.Marks.Length > 0))
                break;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }

        var paid = UInt128.Zero;
        foreach (var task in replay.State.Tasks.InOrder().Where(t => t.Answers is not null))
        {
            // Rounded up once for each interval of each worker.
            var price = (((UInt128)task.Issue.Work * LeaseOf(replay.State, task).Price) + 999_999_999) / 1_000_000_000;
            var mark = Assert.Single(task.Answers!.Marks);
            Assert.Equal(price, mark.Redeemed.Micro);
            paid += price;
        }

        Assert.True(paid > 0);
        Assert.Equal(paid, Sum(replay.State.Channels.InOrder().Select(c => c.Redeemed.Micro)));

        // Until the answers are final it is set aside for the workers in the endpoint's job.
        var workers = replay.State.Accounts.InOrder().Where(a => a.Id != genesis.Accounts[0].Id).Select(a => a.Credits.Micro);
        Assert.Equal(paid, Sum(workers.Concat(replay.State.Jobs.InOrder().Select(j => j.Reserved.Micro))));
    }

    private static LeaseRecord LeaseOf(LedgerState state, TaskRecord task) =>
        state.LeasesOf(task.Job).Single(l => l.Provider == task.Current.Provider);

    private static UInt128 Sum(IEnumerable<UInt128> micro) => micro.Aggregate(UInt128.Zero, static (sum, m) => sum + m);
}
