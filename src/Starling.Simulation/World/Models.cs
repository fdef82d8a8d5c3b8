using System.Collections.Concurrent;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>The right model of each tiny job, from running its plan on one machine.</summary>
public static class Models
{
    private static readonly ConcurrentDictionary<int, Hash256[]> s_models = new();

    public static Hash256[] Of(int job, ITaskLab lab) => s_models.GetOrAdd(job, j => Compute(SimulationRun.Jobs[j], lab));

    private static Hash256[] Compute(TinyJob job, ITaskLab lab)
    {
        var plan = Plan.Create(job.Spec);
        var blobs = new Dictionary<Hash256, byte[]> { [ContentId.Of(job.Dataset).Hash] = job.Dataset };
        var results = new Dictionary<string, TaskResult>(StringComparer.Ordinal);
        while (true)
        {
            var step = plan.Next(default, results);
            if (step.End is PlanEnd.Completed completed)
                return completed.Result.Claim.Outputs;
            foreach (var task in step.Tasks)
            {
                var run = lab.Run(task.Spec, content => blobs[content]);
                var claim = ((TaskOutcome.Completed)run.Outcome).Claim;
                for (var i = 0; i < claim.Outputs.Length; i++)
                    blobs[claim.Outputs[i]] = run.Outputs[i];
                results[task.Node] = new TaskResult(task.Id, claim);
            }
        }
    }
}
