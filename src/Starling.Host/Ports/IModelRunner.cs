using Starling.Node.Contract;
using Starling.Node.Roles.Serving;

namespace Starling.Host.Ports;

/// <summary>Answers, audits and disputes with the models of endpoints.</summary>
public interface IModelRunner
{
    /// <summary>Begins it; what comes of it is given to <paramref name="complete"/>, from any thread.</summary>
    void Perform(ModelEffect effect, Action<Input> complete);
}
