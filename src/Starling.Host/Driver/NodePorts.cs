using Starling.Host.Ports;

namespace Starling.Host.Driver;

/// <summary>Everything that a role's effects need. The driver owns none of it but the store.</summary>
public sealed record NodePorts(
    INodeStore Store,
    IBlobStore Blobs,
    IBlobExchange Exchange,
    ITransport Transport,
    ITaskRunner Tasks,
    IModelRunner Models,
    TimeProvider Time,
    Action<NodeReport> Report);

/// <summary>Something a node says about itself, for people and metrics.</summary>
public sealed record NodeReport(string Node, string Event, IReadOnlyDictionary<string, object> Fields);
