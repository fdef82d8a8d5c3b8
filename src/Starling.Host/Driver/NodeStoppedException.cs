using Starling.Arithmetic.Refereeing;
using Starling.Host.Ports;

namespace Starling.Host.Driver;

/// <summary>The node that was asked has stopped; the cause, where there is one, is inside.</summary>
public sealed class NodeStoppedException(string node, Exception? cause) : Exception(Describe(node, cause), cause)
{
    private static string Describe(string node, Exception? cause) => cause switch
    {
        null => $"{node} has stopped",
        StorageException or RefereeFaultException => $"{node} has stopped: {cause.Message}",
        _ => $"{node} has stopped after an internal error: {cause.Message}",
    };
}
