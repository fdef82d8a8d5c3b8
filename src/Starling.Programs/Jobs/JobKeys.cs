using Starling.Compute.Models;
using Starling.Protocol.Transactions;

namespace Starling.Programs.Jobs;

/// <summary>Every key of a job file.</summary>
internal static class JobKeys
{
    public const long MaxSteps = 10_000_000;
    public const int MaxWorkers = 64;

    /// <summary>The greatest whole number that JSON keeps exact everywhere.</summary>
    private const long MaxSeed = (1L << 53) - 1;

    public static readonly WholeKey Version = new("version", 1, 1, null, "Version of this file format.");
    public static readonly TextKey Name = new(
        "name", "^[a-z0-9][a-z0-9._-]{0,47}$", "shakespeare", "the file's name",
        "Names the job in lists and its output folder.");

    public static readonly WholeKey Seed = new(
        "seed", 0, MaxSeed, "0", "Addresses every random draw: initial weights, order of the data, split.");

    public static readonly TextKey Budget = new(
        "budget", "^(?!0+(\\.0+)? )(0|[1-9][0-9]{0,9})(\\.[0-9]{1,6})? USD$", "0.50 USD", "the quote",
        "The most the job may cost.");

    public static readonly ChoiceKey OnBudget = new(
        "on_budget", ["pause", "stop"], "pause", "What happens when the budget is used up.");

    public static readonly ChoiceKey Verify = new(
        "verify", ["spot", "full", "none", .. Enumerable.Range(ReplicaName.Least, ReplicaName.Most - 1).Select(k => $"quorum-{k}")],
        "spot", "How much of the work is recomputed: by auditors, or by several providers each.");

    public static readonly TextKey Output = new(
        "output", @"^[^\u0000-\u001f]{1,1024}$", "./shakespeare", "./NAME", "Folder that receives the results.");

    public static readonly TextKey Region = new(
        "region", "^[a-z0-9][a-z0-9-]{0,62}$", "eu-west", "any", "Only providers of this region.");

    public static readonly TextKey Capability = new(
        "capability", "^[a-z0-9][a-z0-9.-]{0,62}$", "cpu", "any", "Only providers with this capability.");

    public static readonly TextKey Memory = new(
        "memory", "^[1-9][0-9]{0,5} (MiB|GiB)$", "2 GiB", "what the job needs",
        "Memory that a provider must offer per task.");

    public static readonly SectionKey Resources = new(
        "resources", [Region, Memory, Capability], "any", "What providers must have.");

    public static readonly ModelKey Model = new("model", "The model: keys of its Hugging Face config.json.");

    public static readonly TextKey Dataset = new(
        "dataset", @"^[^\u0000-\u001f]{1,1024}$", "data/tinyshakespeare.txt", null,
        "File to train on, relative to the job file: text, or a table as CSV.");

    public static readonly TextKey DatasetId = new(
        "dataset_id", "^b[a-z2-7]{58}$", "bafkr4i...", "taken from the file",
        "Content id that the dataset must have.");

    public static readonly TextKey InitFrom = new(
        "init_from", @"^[^\u0000-\u001f]{1,1024}$", "./shakespeare", "fresh weights, drawn by the seed",
        "Weights to start from, relative to the job file: a model folder, or a .safetensors file.");

    public static readonly TextKey InitId = new(
        "init_id", "^b[a-z2-7]{58}$", "bafkr4i...", "taken from the file",
        "Content id that the weights to start from must have.");

    public static readonly ChoiceKey Tokenizer = new(
        "tokenizer", ["bytes"], "bytes", "How text becomes tokens; text models only.");

    public static readonly WholeKey Steps = new(
        "max_steps", 1, MaxSteps, null, "Optimiser steps that each worker takes.");

    public static readonly WholeKey BatchSize = new(
        "batch_size", 1, 65_536, "8", "Sequences, or rows of a table, per step and worker.");

    public static readonly WholeKey AccumulationSteps = new(
        "gradient_accumulation_steps", 1, 64, "1", "Batches whose gradients are added up for one step of the optimiser.");

    public static readonly WholeKey MaxLength = new(
        "max_length", 2, 65_536, "128", "Tokens per sequence; text models only.");

    public static readonly NumberKey TestSize = new(
        "test_size", 0.001f, 0.5f, "0.1", "Part of the data that is held out and measured.");

    public static readonly NumberKey LearningRate = new(
        "learning_rate", 0, 10, "1e-3", "Peak learning rate of the inner AdamW.");

    public static readonly NumberKey MinLearningRate = new(
        "min_learning_rate", 0, 10, "0", "Learning rate at the last step of a falling schedule.");

    public static readonly WholeKey WarmupSteps = new(
        "warmup_steps", 0, MaxSteps, "a twentieth of max_steps", "Steps over which the learning rate rises.");

    public static readonly NumberKey WarmupRatio = new(
        "warmup_ratio", 0, 1, "0.05", "The same as a part of max_steps, rounded up; give one of the two.");

    public static readonly ChoiceKey Scheduler = new(
        "lr_scheduler_type", ["constant", "linear", "cosine"], "cosine", "How the learning rate falls after the warm-up.");

    public static readonly NumberKey WeightDecay = new(
        "weight_decay", 0, 1, "0.1", "Decoupled weight decay.");

    public static readonly ChoiceKey DecayOn = new(
        "weight_decay_on", ["matrices", "linear", "all"], "matrices",
        "What decays: all matrices, those that are no embedding table, or every parameter.");

    public static readonly NumberKey Beta1 = new("adam_beta1", 0, 0.9999f, "0.9", "Decay of the first moment.");

    public static readonly NumberKey Beta2 = new("adam_beta2", 0, 0.99999f, "0.95", "Decay of the second moment.");

    public static readonly NumberKey Epsilon = new(
        "adam_epsilon", 1e-12f, 1e-2f, "1e-8", "Keeps the step finite where the second moment is zero.");

    public static readonly NumberKey ClipNorm = new(
        "max_grad_norm", 0, 1e6f, "1", "Largest norm of the whole gradient; 0 for no limit.");

    public static readonly WholeKey Workers = new(
        "workers", 1, MaxWorkers, "1", "Machines that train at the same time, each on its own part of the data.");

    public static readonly WholeKey SyncEvery = new(
        "sync_every", 1, 10_000, "40", "Steps between two merges of the workers (DiLoCo).");

    public static readonly NumberKey OuterRate = new(
        "outer_learning_rate", 1e-3f, 2, "0.7, or 1 with one worker", "Rate of the outer Nesterov step at each merge.");

    public static readonly NumberKey OuterMomentum = new(
        "outer_momentum", 0, 0.999f, "0.9, or 0 with one worker", "Momentum of the outer Nesterov step.");

    public static readonly WholeKey EvalSteps = new(
        "eval_steps", 1, MaxSteps, "about an eighth of max_steps", "Steps between two measurements on held-out data.");

    public static readonly WholeKey MaxEvalSamples = new(
        "max_eval_samples", 1, 1_000_000, "256",
        "Held-out sequences per measurement; the last one takes all.");

    public static readonly WholeKey CommitEvery = new(
        "commit_every", 1, 10_000, "20", "Steps between two committed states of a worker.");

    public static readonly SectionKey Train = new(
        "train",
        [
            Model, InitFrom, InitId, Dataset, DatasetId, Tokenizer, Steps, BatchSize, AccumulationSteps, MaxLength,
            TestSize, LearningRate, MinLearningRate, WarmupSteps, WarmupRatio, Scheduler, WeightDecay, DecayOn, Beta1,
            Beta2, Epsilon, ClipNorm, Workers, SyncEvery, OuterRate, OuterMomentum, EvalSteps, MaxEvalSamples, CommitEvery,
        ],
        null, "Trains a model, from scratch or from given weights.");

    /// <summary>Verbs by name; a job has exactly one.</summary>
    public static readonly SectionKey[] Verbs = [Train];

    public static readonly JobKey[] Root =
        [Version, Name, Train, Budget, OnBudget, Verify, Seed, Output, Resources];

    /// <summary>Keys that a published config.json carries and that decide nothing here.</summary>
    public static readonly string[] IgnoredModelKeys = ["architectures", "torch_dtype"];

    public static IEnumerable<string> ModelKeysOf(string modelType) => ModelConfig.KeysOf(modelType);
}
