namespace Starling.Compute.Models;

/// <summary>Names of graph inputs and outputs that are no parameters.</summary>
public static class InputNames
{
    /// <summary>Token ids (rows x 1) or features (rows x columns).</summary>
    public const string Data = "data";

    /// <summary>Next token or class of each row, -1 for none.</summary>
    public const string Targets = "targets";

    /// <summary>Position of each row within its sequence.</summary>
    public const string Positions = "positions";

    /// <summary>1 x 4: rate, 1/(1-beta1^t), 1/(1-beta2^t), t.</summary>
    public const string Schedule = "schedule";

    /// <summary>1 x 1: the row of a sequence whose logits are wanted.</summary>
    public const string Row = "row";

    public const string Loss = "loss";

    public const string Logits = "logits";

    public static string KeyCache(int layer) => $"cache.{layer}.key";

    public static string ValueCache(int layer) => $"cache.{layer}.value";

    public static string FirstMoment(string parameter) => "first." + parameter;

    public static string SecondMoment(string parameter) => "second." + parameter;

    /// <summary>The output that replaces an input of the same name.</summary>
    public static string Next(string input) => "next." + input;
}
