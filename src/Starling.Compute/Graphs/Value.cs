namespace Starling.Compute.Graphs;

/// <summary>
/// A value of a graph under construction. It stays valid while inputs and nodes are added in any order;
/// <see cref="GraphBuilder.Build"/> renumbers to <see cref="Starling.Arithmetic.Graphs.ValueId"/>.
/// </summary>
public readonly record struct Value(int Index);
