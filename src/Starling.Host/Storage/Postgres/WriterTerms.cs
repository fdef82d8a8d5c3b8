namespace Starling.Host.Storage.Postgres;

/// <summary>How the writers of one log give way to each other. Times are by the database's clock.</summary>
/// <param name="Beat">A writer says this often that it is there.</param>
/// <param name="Absent">A writer whose session is gone and that was not heard for so long may be replaced.</param>
/// <param name="Lease">A writer that was not heard for so long may be replaced although its session is still there.</param>
/// <param name="Patience">How long a commit tries again when the database does not answer.</param>
public sealed record WriterTerms(TimeSpan Beat, TimeSpan Absent, TimeSpan Lease, TimeSpan Patience)
{
    public static WriterTerms Usual { get; } = new(
        TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(20));
}
