namespace Starling.Programs.Plans;

/// <summary>Names of the nodes of a training plan. They are part of task ids and never change.</summary>
internal static class TrainNodes
{
    public const string Tokens = "tokens";
    public const string Features = "features";
    public const string Initial = "initial";
    public const string Import = "import";
    public const string Inner = "inner";
    public const string Merge = "merge";
    public const string Evaluate = "evaluate";
    public const string Export = "export";

    public static string InnerOf(int round, int worker) => $"{Inner}/{round}/{worker}";

    public static string MergeOf(int round) => $"{Merge}/{round}";

    public static string EvaluateOf(int round) => $"{Evaluate}/{round}";
}
