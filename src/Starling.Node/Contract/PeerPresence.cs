using Starling.Protocol.Identity;

namespace Starling.Node.Contract;

/// <summary>
/// A peer came within reach, or is gone: its connection broke, or nothing was heard of it. A hint and no proof, and not
/// every transport gives it: whoever acts on it must be right without it too, only later.
/// </summary>
public sealed record PeerPresence(NodeId Peer, bool Present) : Input;
