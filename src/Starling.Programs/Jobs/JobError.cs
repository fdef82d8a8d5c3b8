using System.Diagnostics.CodeAnalysis;

namespace Starling.Programs.Jobs;

/// <summary>One thing that is wrong with a job, where it stands and what to do about it.</summary>
/// <param name="Line">Line in the file, from 1; 0 when the error is about no line.</param>
/// <param name="Column">Column in the line, from 1.</param>
/// <param name="Path">The key, for example <c>train.batch_size</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to change.</param>
public sealed record JobError(int Line, int Column, string Path, string Message, string Fix)
{
    /// <summary>The error as editors and compilers write it: <c>job.yaml:7:3: train.bath_size: ...</c>.</summary>
    public string Describe(string fileName)
    {
        var place = Line > 0 ? $"{fileName}:{Line}:{Column}" : fileName;
        return Path.Length > 0 ? $"{place}: {Path}: {Message}; {Fix}" : $"{place}: {Message}; {Fix}";
    }
}

/// <summary>A job or everything that is wrong with it; exactly one of the two.</summary>
public sealed class JobParse
{
    private readonly JobMap? _root;

    internal JobParse(string fileName, JobMap? root, Job? job, IReadOnlyList<JobError> errors) =>
        (FileName, _root, Job, Errors) = (fileName, root, job, errors);

    public string FileName { get; }

    /// <summary>The job; null exactly when there are errors.</summary>
    public Job? Job { get; }

    [MemberNotNullWhen(true, nameof(Job))]
    public bool IsValid => Job is not null;

    /// <summary>Everything that is wrong, in the file's order.</summary>
    public IReadOnlyList<JobError> Errors { get; }

    /// <summary>An error at a key that is found outside this room: a missing file, a budget below the quote.</summary>
    public JobError ErrorAt(string path, string message, string fix)
    {
        JobNode? node = _root;
        foreach (var key in path.Split('.'))
            node = (node as JobMap)?.Find(key)?.Value ?? node;
        return new JobError(node?.Mark.Line ?? 0, node?.Mark.Column ?? 0, path, message, fix);
    }

    /// <summary>Binds the job to the bytes of its dataset and checks that they fit.</summary>
    /// <exception cref="InvalidOperationException">The job has errors.</exception>
    public JobPinned Pin(ReadOnlySpan<byte> dataset, ReadOnlyMemory<byte>? init = null) => JobPin.Pin(this, dataset, init);
}
