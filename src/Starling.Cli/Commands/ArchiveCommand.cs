using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Verifying;
using Starling.Programs.Jobs;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Commands;

/// <summary><c>starling archive FOLDER</c>: packs a receipt with all that running its tasks again takes.</summary>
internal static class ArchiveCommand
{
    private static readonly Argument<string> s_file = new("file") { Description = "A receipt, or the output folder of a run." };

    private static readonly Option<string?> s_output = new("--output")
    {
        Description = "The archive; NAME.starling.tar by default.",
    };

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "The job's data, where it is not at the path that the job names.",
    };

    private static readonly Option<string?> s_blobs = new("--blobs")
    {
        Description = "A folder of blobs named by their content ids; the local network's by default.",
    };

    private static readonly Option<bool> s_states = new("--states")
    {
        Description = "Also pack every intermediate result at hand, so that single tasks can be recomputed.",
    };

    public static Command Create()
    {
        var command = new Command("archive", "Pack a receipt with all that a replay needs into one file.")
        {
            s_file, s_output, s_data, s_blobs, s_states,
        };
        command.Does((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var source = ReceiptSource.Open(parsed.GetValue(s_file)!);
        var report = ReceiptVerifier.Verify(source.Bytes, source.Files);
        if (!report.Verified)
            throw new CliException(ExitCode.NotVerified, $"the receipt does not verify: {report.Failure}");
        var spec = RecordCodec.Decode<JobSpec>(source.Receipt!.Spec);
        var blobs = Collect(parsed, source, spec);
        var path = parsed.GetValue(s_output) ?? spec.Job.Name + ArchiveFile.Extension;
        ArchiveFile.Write(path, source.Bytes, blobs);
        var result = new ArchiveResult(
            Path.GetFullPath(path), source.Receipt.Job.ToString(), blobs.Count, new FileInfo(path).Length,
            ContentId.Of(File.ReadAllBytes(path)).ToString());
        Shared.PrinterOf(parsed).Print(result, static j => j.ArchiveResult, () => Printer.Pairs(
            ("archive", result.File), ("job", result.Job), ("blobs", $"{result.Blobs}"), ("bytes", $"{result.Bytes:N0}"),
            ("content", result.Content), ("check it", $"starling verify {path} --replay all")));
        return ExitCode.Ok;
    }

    private static Dictionary<Hash256, ReadOnlyMemory<byte>> Collect(ParseResult parsed, ReceiptSource source, JobSpec spec)
    {
        var folder = parsed.GetValue(s_blobs) ?? Shared.BlobFolderOf(parsed);
        var atHand = new BlobsAtHand(source, parsed.GetValue(s_data), folder);
        var blobs = new Dictionary<Hash256, ReadOnlyMemory<byte>>();
        Need(spec.Dataset.Content, $"the job's data '{spec.Train.Dataset}'", "name it with --data");
        if (spec.Init is { } init)
            Need(init.Content, $"the weights '{spec.Train.InitFrom}'", "name a folder that holds them with --blobs");
        foreach (var file in source.Receipt!.Model?.Files ?? [])
            Need(file.Content, $"'{file.Path}'", "give the folder that the run wrote");
        if (parsed.GetValue(s_states))
            foreach (var content in ReceiptReplay.BlobsOf(source.Receipt))
                if (Checked(atHand, content) is { } bytes)
                    blobs[content] = bytes;
        return blobs;

        void Need(Hash256 content, string what, string fix) => blobs[content] = Checked(atHand, content)
            ?? throw new CliException(ExitCode.BadInput, $"{what} ({new ContentId(content)}) is not at hand: {fix}");
    }

    private static ReadOnlyMemory<byte>? Checked(BlobsAtHand blobs, Hash256 content)
    {
        if (blobs.Find(content) is { } bytes && Blake3.Hash(bytes.Span) == content)
            return bytes;
        return null;
    }
}
