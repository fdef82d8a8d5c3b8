using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>Compares what a receipt says of the model with the plan's last result, and files at hand with both.</summary>
internal static class ModelCheck
{
    public static void Run(
        ReceiptModel model, JobSpec spec, IPlan plan, LedgerEvidence evidence, IReadOnlyList<Artefact> artefacts,
        CheckList checks)
    {
        checks.Settle(
            CheckKind.Model, Problem(model, plan, evidence),
            $"{model.Files.Length} files are the outputs of the plan's last task");
        foreach (var artefact in artefacts)
        {
            var problem = FileProblem(model, artefact);
            if (problem is null && artefact.Path.EndsWith(".safetensors", StringComparison.Ordinal))
                problem = TensorProblem(model, spec, artefact);
            checks.Settle(CheckKind.Files, problem, $"'{artefact.Path}' is the file that the job gave");
        }
    }

    private static string? Problem(ReceiptModel model, IPlan plan, LedgerEvidence evidence)
    {
        var outputs = evidence.Tasks[^1].Result!.Outputs;
        if (model.Files.Length != outputs.Length || model.Files.Length != plan.OutcomeFiles.Count)
            return $"the receipt names {model.Files.Length} files, the last task gave {outputs.Length}";
        for (var i = 0; i < outputs.Length; i++)
        {
            if (model.Files[i].Path != plan.OutcomeFiles[i] || model.Files[i].Content != outputs[i])
                return $"file {i} is not output {i} of the last task, '{plan.OutcomeFiles[i]}'";
        }

        return model.State == StateOf(plan, evidence.Tasks) ? null : "the raw state is not the one that was exported";
    }

    /// <summary>The content id of the raw state that the plan's last task reads first.</summary>
    internal static Hash256 StateOf(IPlan plan, IReadOnlyList<TaskRecord> tasks)
    {
        var input = plan.Nodes[^1].Inputs[0];
        return tasks.First(t => t.Issue.Node == input.Node).Result!.Outputs[input.Output];
    }

    private static string? FileProblem(ReceiptModel model, Artefact artefact)
    {
        var named = Array.Find(model.Files, f => f.Path == artefact.Path);
        if (named is null)
            return $"the receipt names no file '{artefact.Path}'";
        var content = Blake3.Hash(artefact.Bytes.Span);
        return content == named.Content
            ? null
            : $"'{artefact.Path}' was altered: its content id is {new ContentId(content)}, not {new ContentId(named.Content)}";
    }

    private static string? TensorProblem(ReceiptModel model, JobSpec spec, Artefact artefact)
    {
        using var memory = new TensorMemory(spec.Train.Model.CreateLayout());
        if (Checkpoint.Read(spec.Train.Model, artefact.Bytes, memory) is { } problem)
            return $"'{artefact.Path}': {problem.Message}";
        var digest = TensorDigest.Of(memory);
        return digest == new TensorDigest(model.TensorsBlake3, model.TensorsSha256)
            ? null
            : $"'{artefact.Path}' holds other tensors than the receipt names";
    }
}
