namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// This machine's floating-point unit gave other bits than integer arithmetic does. The machine is broken: it must stop, and
/// decide about nobody (protocol.md, 3).
/// </summary>
public sealed class RefereeFaultException(string piece)
    : Exception($"{piece}: this processor's floating-point results differ from those by integers; the machine is broken");
