using Starling.Ledger.Applying;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Ends the reading of an opening. Never leaves the referee.</summary>
internal sealed class RefusedOpening(FailureCode code, string detail) : Exception(detail)
{
    public FailureCode Code { get; } = code;
}
