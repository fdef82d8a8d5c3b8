using Starling.Ledger.Audits;
using Starling.Ledger.Channels;
using Starling.Ledger.Disputes;
using Starling.Ledger.Market;
using Starling.Ledger.Rents;
using Starling.Ledger.Stakes;
using Starling.Ledger.State;
using Starling.Ledger.Work;
using Starling.Protocol;

namespace Starling.Ledger.Applying;

/// <summary>What time alone brings about: a bounded number of things per batch, the rest in the next.</summary>
internal static class Schedule
{
    private const int PerBatch = 256;

    public static void Run(Step step)
    {
        var wakes = step.State.Index.Wakes;
        for (var i = 0; i < PerBatch && wakes.Count > 0 && wakes.Min.At <= step.Time; i++)
            Handle(step, wakes.Min);
    }

    /// <summary>Handles one; each handler moves or removes its own due time, so none comes up twice.</summary>
    private static void Handle(Step step, Wake due)
    {
        switch (due.Table)
        {
            case TableId.Accounts:
                Transfers.Forget(step, new(due.Id));
                break;
            case TableId.Stakes:
                Bonding.Due(step, new(due.Id));
                break;
            case TableId.Delegations:
                Pools.Due(step, new(due.Id));
                break;
            case TableId.Rents:
                RentClock.Due(step, new(due.Id));
                break;
            case TableId.Auctions:
                Auctions.Due(step, new(due.Id));
                break;
            case TableId.Channels:
                ChannelRules.Due(step, new(due.Id));
                break;
            case TableId.Offers:
                Offers.Expire(step, new(due.Id));
                break;
            case TableId.Jobs:
                Jobs.Due(step, new(due.Id));
                break;
            case TableId.Tasks:
                Deadlines.TaskDue(step, new TaskId(due.Id));
                break;
            case TableId.Epochs:
                Epochs.Due(step, EpochNumber(step, due));
                break;
            case TableId.Challenges:
                Challenges.Lapse(step, due.Id);
                break;
            case TableId.Grants:
                Grants.Due(step, new(due.Id));
                break;
            case TableId.Plants:
                Plants.Lapse(step, due.Id);
                break;
            case TableId.Faults:
                Faults.Forget(step, due.Id);
                break;
            case TableId.ChunkRequests:
                ChunkRequests.Silence(step, due.Id);
                break;
            case TableId.Disputes:
                DisputeEnds.Silence(step, new DisputeId(due.Id));
                break;
            default:
                throw new InvalidOperationException($"nothing of {due.Table} is ever due");
        }
    }

    private static ulong EpochNumber(Step step, Wake due)
    {
        foreach (var number in step.State.Index.Epochs)
        {
            if (StateKey.Epoch(number).Id == due.Id)
                return number;
        }

        throw new InvalidOperationException("a wake names an epoch that is over");
    }
}
