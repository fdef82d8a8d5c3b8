namespace Starling.Simulation.Checkers;

/// <summary>A promise of the network that did not hold.</summary>
public sealed class SimulationFailure(string message) : Exception(message);
