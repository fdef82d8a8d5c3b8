using Starling.Arithmetic.Catalogue;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Blueprints;
using Starling.Programs.Jobs;
using Starling.Programs.Tasks.Data;
using Starling.Programs.Tasks.Parameters;
using Starling.Programs.Tasks.Training;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Plans;

/// <summary>Lists the nodes of a training plan, with their parameters and their work.</summary>
internal sealed class TrainPlanBuilder
{
    private const int MetricsBytes = 1024;

    private readonly TrainJob _job;
    private readonly ulong _seed;
    private readonly JobInput _dataset;
    private readonly JobInit? _init;
    private readonly DataSplit _split;
    private readonly DataSizes _sizes;
    private readonly long _modelBytes;
    private readonly WorkVector _stepWork;
    private readonly InnerStep _step;
    private readonly WorkVector _mergeWork;
    private readonly Hash256?[] _mergeGraphs = new Hash256?[2];
    private readonly List<PlanNode> _nodes = [];

    public TrainPlanBuilder(JobSpec spec)
    {
        _job = spec.Train;
        _seed = spec.Job.Seed;
        _dataset = spec.Dataset;
        _init = spec.Init;
        _split = DataSplit.Of(_job, _dataset.Records);
        _sizes = DataSizes.Of(_job.Model, _split);
        _modelBytes = _job.Model.CreateLayout().TotalBytes;
        _step = InnerStep.Of(TrainGraphs.Recipe(_job, _seed));
        _stepWork = Work.Of(_step.Graph);
        _mergeWork = Work.Of(OuterStep.Build(_job.Model, _job.Outer, _job.Workers));
    }

    private string Data => _job.IsText ? TrainNodes.Tokens : TrainNodes.Features;

    private int LastRound => _job.Rounds - 1;

    public IReadOnlyList<PlanNode> Build()
    {
        AddData();
        if (_init is { } init)
            AddImport(init);
        else
            AddInitial();
        for (var round = 0; round < _job.Rounds; round++)
        {
            for (var worker = 0; worker < _job.Workers; worker++)
                AddInner(round, worker);
            // A measurement waits behind the next round's steps: nothing depends on it.
            if (round > 0 && IsMeasured(round - 1))
                AddEvaluate(round - 1);
            AddMerge(round);
        }

        AddEvaluate(LastRound);
        AddExport();
        return _nodes;
    }

    private static string CheckpointOf(int round) => round == 0 ? TrainNodes.Initial : TrainNodes.MergeOf(round - 1);

    private bool IsMeasured(int round) => (long)(round + 1) * _job.SyncEvery % _job.EvalSteps == 0;

    private void AddData()
    {
        var parameters = _job.Model is MlpConfig mlp
            ? RecordCodec.Encode(new FeaturesParameters(_split.Train, _split.HeldOut, mlp.InputSize, mlp.Labels, _seed))
            : RecordCodec.Encode(new TokensParameters(_split.Train, _split.HeldOut));
        var committed = _sizes.TrainBytes + _sizes.HeldOutBytes;
        _nodes.Add(new PlanNode(
            Data, Data, [], Data, parameters, [PlanInput.Pinned(_dataset.Content)], Outputs: _job.IsText ? 2 : 3,
            TaskWork.Of(TaskWork.Pass(_dataset.Bytes + committed), _dataset.Bytes, committed), TaskBlueprints.HashOf(Data, parameters),
            Steering: true, Steps: 0));
    }

    private void AddInitial()
    {
        var parameters = RecordCodec.Encode(new InitialParameters(_job.Model, _seed));
        _nodes.Add(new PlanNode(
            TrainNodes.Initial, TrainNodes.Initial, [], TrainNodes.Initial, parameters, [], Outputs: 1,
            TaskWork.Of(TrainingWork.OfInitialisation(_job.Model), 0, _modelBytes),
            TaskBlueprints.HashOf(TrainNodes.Initial, parameters), Steering: true, Steps: 0));
    }

    /// <summary>Given weights take the place of drawn ones: the node keeps its name, so everything after it does.</summary>
    private void AddImport(JobInit init)
    {
        var parameters = RecordCodec.Encode(new ImportParameters(_job.Model));
        _nodes.Add(new PlanNode(
            TrainNodes.Initial, TrainNodes.Import, [], TrainNodes.Import, parameters, [PlanInput.Pinned(init.Content)], Outputs: 1,
            TaskWork.Of(TaskWork.Pass(init.Bytes + _modelBytes), init.Bytes, _modelBytes),
            TaskBlueprints.HashOf(TrainNodes.Import, parameters), Steering: true, Steps: 0));
    }

    private void AddInner(int round, int worker)
    {
        var parameters = InnerOf(round, worker);
        var checkpoint = CheckpointOf(round);
        List<string> parents = [checkpoint, Data];
        List<PlanInput> inputs = [PlanInput.Of(checkpoint, 0), PlanInput.Of(Data, 0)];
        if (round > 0)
        {
            parents.Add(TrainNodes.InnerOf(round - 1, worker));
            inputs.Add(PlanInput.Of(TrainNodes.InnerOf(round - 1, worker), 1));
        }

        var read = _sizes.TrainBytes + (round > 0 ? 3 * _modelBytes : _modelBytes);
        // Every committed state hashes parameters and moments; the outputs are hashed once more as blobs.
        var committed = (3 * _modelBytes * (parameters.TraceLength + 1)) + MetricsBytes;
        _nodes.Add(new PlanNode(
            TrainNodes.InnerOf(round, worker), TrainNodes.Inner, parents, TrainNodes.Inner,
            RecordCodec.Encode(parameters), inputs, Outputs: 3,
            TaskWork.Of(_stepWork * parameters.Steps, read, committed), InnerBlueprint.Of(parameters, _step).Hash(),
            Steering: false, parameters.Steps)
        {
            MetricsOutput = 2,
        });
    }

    private InnerParameters InnerOf(int round, int worker)
    {
        var (first, count) = _split.PartOf(worker, _job.Workers);
        return new InnerParameters
        {
            Model = _job.Model,
            Records = _split.Train,
            First = first,
            Count = count,
            BatchSize = _job.BatchSize,
            AccumulationSteps = _job.AccumulationSteps,
            MaxLength = _job.MaxLength,
            Seed = _seed,
            Worker = worker,
            FromStep = round * _job.SyncEvery,
            Steps = _job.StepsOf(round),
            CommitEvery = _job.CommitEvery,
            Rate = _job.Rate,
            Optimiser = _job.Optimiser,
        };
    }

    private void AddMerge(int round)
    {
        var checkpoint = CheckpointOf(round);
        string[] workers = [.. Enumerable.Range(0, _job.Workers).Select(worker => TrainNodes.InnerOf(round, worker))];
        List<PlanInput> inputs = [PlanInput.Of(checkpoint, 0)];
        if (round > 0)
            inputs.Add(PlanInput.Of(checkpoint, 1));
        inputs.AddRange(workers.Select(worker => PlanInput.Of(worker, 0)));
        MergeParameters parameters = new(_job.Model, _job.Outer, _job.Workers, IsFirst: round == 0);
        _nodes.Add(new PlanNode(
            TrainNodes.MergeOf(round), TrainNodes.Merge, [checkpoint, .. workers], TrainNodes.Merge,
            RecordCodec.Encode(parameters), inputs, Outputs: 2,
            TaskWork.Of(_mergeWork, inputs.Count * _modelBytes, 6 * _modelBytes), MergeGraph(parameters),
            Steering: true, Steps: 0));
    }

    // All rounds but the first have one blueprint.
    private Hash256 MergeGraph(MergeParameters parameters) =>
        _mergeGraphs[parameters.IsFirst ? 0 : 1] ??= MergeBlueprint.Of(parameters).Hash();

    private void AddEvaluate(int round)
    {
        var isLast = round == LastRound;
        var samples = isLast ? int.MaxValue : _job.MaxEvalSamples;
        var step = (int)Math.Min((long)(round + 1) * _job.SyncEvery, _job.MaxSteps);
        EvaluateParameters parameters = new(_job.Model, _split.HeldOut, _job.MaxLength, samples, step);
        var sequences = _job.IsText ? Evaluation.WindowsOf(_split.HeldOut, _job.MaxLength, samples) : _split.HeldOut;
        var work = TrainingWork.OfEvaluation(_job.Model, sequences, _job.MaxLength);
        var merge = TrainNodes.MergeOf(round);
        _nodes.Add(new PlanNode(
            TrainNodes.EvaluateOf(round), TrainNodes.Evaluate, [merge, Data], TrainNodes.Evaluate,
            RecordCodec.Encode(parameters), [PlanInput.Of(merge, 0), PlanInput.Of(Data, 1)], Outputs: 1,
            TaskWork.Of(work, _modelBytes + _sizes.HeldOutBytes, MetricsBytes), default, Steering: true, Steps: 0)
        {
            MetricsOutput = 0,
        });
    }

    private void AddExport()
    {
        var merge = TrainNodes.MergeOf(LastRound);
        List<string> parents = [merge];
        List<PlanInput> inputs = [PlanInput.Of(merge, 0)];
        if (!_job.IsText)
        {
            parents.Add(Data);
            inputs.Add(PlanInput.Of(Data, 2));
        }

        var parameters = RecordCodec.Encode(new ExportParameters(_job.Model));
        _nodes.Add(new PlanNode(
            TrainNodes.Export, TrainNodes.Export, parents, TrainNodes.Export, parameters, inputs,
            ExportProgram.FileNames(_job.Model).Count,
            TaskWork.Of(TaskWork.Pass(2 * _modelBytes), _modelBytes, _modelBytes),
            TaskBlueprints.HashOf(TrainNodes.Export, parameters), Steering: true, Steps: 0));
    }
}
