using Starling.Protocol;

namespace Starling.Node.Contract;

/// <summary>
/// A role as a state machine without I/O: one input in, any number of effects out. It never awaits, locks, reads a clock
/// or draws randomness. The Host drives it from one mailbox; the simulator from one queue for a whole network.
/// </summary>
/// <remarks>
/// A crash is dropping the object: the driver builds a new one, gives it the stored state through
/// <see cref="Started"/>, and whatever was not made durable by an effect never happened.
/// </remarks>
public interface IRole
{
    void Step(Timestamp now, Input input, EffectList effects);
}
