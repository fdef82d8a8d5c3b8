namespace Starling.Bench;

/// <summary>Someone else's implementation: its name, and one measured stretch of it, in the row's unit.</summary>
internal sealed record Peer(string Name, Func<double> Go);

/// <summary>The peer did not start, ended early or did not answer; the message says which.</summary>
internal sealed class PeerException(string message) : Exception(message);
