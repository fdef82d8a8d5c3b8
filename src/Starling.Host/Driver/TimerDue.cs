using Starling.Node.Contract;

namespace Starling.Host.Driver;

/// <summary>A timer fired; it reaches the role only if it was not moved or cleared meanwhile.</summary>
internal sealed record TimerDue(string Timer, long Version) : Input;
