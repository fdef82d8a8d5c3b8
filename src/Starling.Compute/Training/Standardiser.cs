namespace Starling.Compute.Training;

/// <summary>
/// Brings each feature to mean 0 and deviation 1, as measured on the training rows. A constant feature becomes 0.
/// </summary>
public sealed class Standardiser
{
    private readonly float[] means;
    private readonly float[] scales;

    private Standardiser(float[] means, float[] scales) => (this.means, this.scales) = (means, scales);

    /// <summary>Mean of each feature.</summary>
    public ReadOnlySpan<float> Means => means;

    /// <summary>What each feature is multiplied by once its mean is taken off.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>Measures row-major features, rows added in order in double precision.</summary>
    public static Standardiser Measure(ReadOnlySpan<float> features, int columns)
    {
        int rows = features.Length / columns;
        float[] means = new float[columns], scales = new float[columns];
        for (int column = 0; column < columns; column++)
        {
            double sum = 0, squares = 0;
            for (int row = 0; row < rows; row++)
                sum += features[(row * columns) + column];
            double mean = sum / rows;
            for (int row = 0; row < rows; row++)
                squares += (features[(row * columns) + column] - mean) * (features[(row * columns) + column] - mean);
            means[column] = (float)mean;
            scales[column] = squares > 0 ? (float)(1 / Math.Sqrt(squares / rows)) : 0;
        }

        return new Standardiser(means, scales);
    }

    /// <summary>Standardises row-major features in place.</summary>
    public void Apply(Span<float> features)
    {
        for (int i = 0; i < features.Length; i++)
            features[i] = (features[i] - means[i % means.Length]) * scales[i % means.Length];
    }
}
