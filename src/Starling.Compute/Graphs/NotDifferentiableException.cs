namespace Starling.Compute.Graphs;

/// <summary>A gradient was asked through an operator that has none: a mistake in the model's description.</summary>
public sealed class NotDifferentiableException(string message) : Exception(message);
