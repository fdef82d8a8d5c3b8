using System.Text.Json;
using System.Text.Json.Serialization;

namespace Starling.Cli.Sessions;

/// <summary>What this user remembers of a job that it opened: where its results go.</summary>
internal sealed record JobNote(string Job, string Spec, string Name, string Output)
{
    /// <summary>Notes of the home folder, newest first.</summary>
    public static IReadOnlyList<JobNote> All(string home)
    {
        var folder = new DirectoryInfo(Path.Combine(home, "jobs"));
        return !folder.Exists
            ? []
            :
            [
                .. folder.EnumerateFiles("*.json")
                    .OrderByDescending(f => f.LastWriteTimeUtc)
                    .Select(f => Read(f.FullName))
                    .OfType<JobNote>(),
            ];
    }

    public void Write(string home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "jobs"));
        var file = Path.Combine(folder.FullName, $"{Job}.json");
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, JobNoteJson.Default.JobNote));
        File.Move(file + ".new", file, overwrite: true);
    }

    private static JobNote? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), JobNoteJson.Default.JobNote);
        }
        catch (JsonException)
        {
            // A note only says where results go; the job itself is on the ledger.
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JobNote))]
internal sealed partial class JobNoteJson : JsonSerializerContext;
