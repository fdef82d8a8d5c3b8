using Starling.Ledger.Answers;
using Starling.Ledger.Audits;
using Starling.Ledger.Channels;
using Starling.Ledger.Disputes;
using Starling.Ledger.Market;
using Starling.Ledger.Rents;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>Which rule each kind of transaction goes to.</summary>
internal static class Bodies
{
    public static FailureCode Execute(Step step, TransactionBody body) => body switch
    {
        Transfer b => Transfers.Transfer(step, b),
        Mint b => Transfers.Mint(step, b),
        CloseAccount b => Transfers.Close(step, b),
        OpenChannel b => ChannelRules.Open(step, b),
        TopUpChannel b => ChannelRules.TopUp(step, b),
        SetChannelKey b => ChannelRules.SetKey(step, b),
        RevokeChannelKey b => ChannelRules.RevokeKey(step, b),
        RedeemVoucher b => Vouchers.Redeem(step, b),
        CloseChannel b => ChannelRules.Close(step, b),
        FundRent b => RentAccounts.Fund(step, b),
        WithdrawRent b => RentAccounts.Withdraw(step, b),
        RentMachine b => MachineLeases.Rent(step, b),
        Heartbeat b => MachineLeases.Beat(step, b),
        ClaimRent b => MachineLeases.Claim(step, b),
        EndMachineLease b => MachineLeases.EndNow(step, b),
        GiveNotice b => MachineLeases.Notice(step, b),
        OpenAuction b => Auctions.Open(step, b),
        CommitBid b => Auctions.Commit(step, b),
        RevealBid b => Auctions.Reveal(step, b),
        ChooseBid b => Auctions.Choose(step, b),
        Bond b => Bonding.Bond(step, b),
        Unbond b => Bonding.Unbond(step, b),
        SetPool b => Pools.Set(step, b),
        DelegateStake b => Pools.Delegate(step, b),
        UndelegateStake b => Pools.Undelegate(step, b),
        ClaimRewards b => Pools.Claim(step, b),
        AnnounceRules b => RuleChanges.Announce(step, b),
        FundSentinels b => Plants.Fund(step, b),
        PlantError b => Plants.Register(step, b),
        RevealPlant b => Plants.Reveal(step, b),
        SetGrant b => Grants.Set(step, b),
        Vouch b => Grants.Vouch(step, b),
        OpenChunks b => ChunkRequests.Open(step, b),
        AnswerChunks b => ChunkRequests.Answer(step, b),
        RenewBeacon b => Beacons.Renew(step, b),
        EnrolAuditor b => Enrolment.Enrol(step, b),
        LeaveAuditing => Enrolment.Leave(step),
        PostOffer b => Offers.Post(step, b),
        WithdrawOffer b => Offers.Withdraw(step, b),
        RepriceOffer b => Offers.Reprice(step, b),
        OpenJob b => Jobs.Open(step, b),
        CancelJob b => Jobs.Cancel(step, b),
        TopUpJob b => Jobs.TopUp(step, b),
        CompleteJob b => Jobs.Complete(step, b),
        IssueTasks b => Issuing.Issue(step, b),
        ReissueTask b => Issuing.Reissue(step, b),
        AvoidProviders b => Avoiding.Set(step, b),
        CommitResult b => Results.Commit(step, b),
        RevealResult b => Results.Reveal(step, b),
        RetractResult b => Results.Retract(step, b),
        CommitVerdicts b => Verdicts.Commit(step, b),
        RevealVerdicts b => Verdicts.Reveal(step, b),
        CommitChallenge b => Challenges.Commit(step, b),
        RevealChallenge b => Challenges.Reveal(step, b),
        PostClaims b => DisputeMoves.Post(step, b),
        ChooseClaim b => DisputeMoves.Choose(step, b),
        OpenInputs b => DisputeMoves.Open(step, b),
        NameDefender b => Defenders.Name(step, b),
        OpenEndpoint b => AnswerRules.Open(step, b),
        CommitAnswers b => AnswerRules.Commit(step, b),
        RedeemAnswers b => AnswerVouchers.Redeem(step, b),
        ReportMissing b => MissingChunks.Report(step, b),
        _ => throw new ArgumentOutOfRangeException(nameof(body), body.GetType().Name, "no rule for this body"),
    };
}
