namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// The piece, as the task's graph has it, needs more than one transaction can open. Nobody can answer for it, so the
/// result stands: no correct result is ever convicted. Never leaves the referee.
/// </summary>
internal sealed class PieceTooLarge : Exception;
