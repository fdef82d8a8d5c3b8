namespace Starling.Compute.Training;

/// <summary>The schedule row of a step: rate, 1/(1-beta1^t), 1/(1-beta2^t), t.</summary>
public static class StepSchedule
{
    public const int Columns = 4;

    /// <summary>Fills a row of <see cref="Columns"/> for step <paramref name="step"/>, counted from 0.</summary>
    public static void Fill(TrainingRecipe recipe, long step, Span<float> row)
    {
        row[0] = recipe.Rate.At(step);
        row[1] = 1 / (1 - Power(recipe.Optimiser.Beta1, step + 1));
        row[2] = 1 / (1 - Power(recipe.Optimiser.Beta2, step + 1));
        row[3] = step + 1;
    }

    /// <summary>Integer power by repeated squaring: the same roundings everywhere.</summary>
    private static float Power(float number, long exponent)
    {
        float result = 1;
        for (; exponent > 0; exponent >>= 1, number *= number)
            if ((exponent & 1) != 0)
                result *= number;
        return result;
    }
}
