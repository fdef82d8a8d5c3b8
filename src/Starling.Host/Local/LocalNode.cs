using Starling.Host.Driver;
using Starling.Host.Ports;

namespace Starling.Host.Local;

/// <summary>One running node of a local network.</summary>
internal sealed record LocalNode(string Name, string Role, RoleDriver Driver, IBlobStore Blobs);
