namespace Starling.Compute.Kernels;

/// <summary>Work in parts that do not depend on each other, nor on which thread runs them or in what order.</summary>
public interface IPoolWork
{
    /// <param name="worker">From 0 to the pool's threads - 1; no two parts run with the same one at once.</param>
    /// <param name="part">Every part from 0 runs exactly once.</param>
    void Run(int worker, int part);
}
