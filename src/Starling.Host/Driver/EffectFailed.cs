using Starling.Node.Contract;

namespace Starling.Host.Driver;

/// <summary>An effect under way failed in a way the role cannot handle; the driver stops the node with its cause.</summary>
internal sealed record EffectFailed(Exception Cause) : Input;
