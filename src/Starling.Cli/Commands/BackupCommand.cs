using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Host.Operations;

namespace Starling.Cli.Commands;

/// <summary><c>starling network backup</c> and <c>restore</c>: a home folder as one file, and back.</summary>
internal static class BackupCommand
{
    private static readonly Argument<FileInfo> s_file = new("file") { Description = "The backup." };

    private static readonly Option<bool> s_withoutBlobs = new("--without-blobs")
    {
        Description = "Leave out data and results, where other nodes hold them too.",
    };

    public static Command Write()
    {
        var command = new Command("backup", "Copy a home folder into one file, while its nodes run or not.") { s_file, s_withoutBlobs };
        command.Does((parsed, _) =>
        {
            var (home, file) = (Shared.HomeOf(parsed, "node"), parsed.GetValue(s_file)!);
            var made = Backup.Write(home, file.FullName, !parsed.GetValue(s_withoutBlobs), TimeProvider.System);
            Show(parsed, file.FullName, home, made, "it holds the node's keys: keep it where only you can read it");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    public static Command Restore()
    {
        var command = new Command("restore", "Make a home folder of a backup.") { s_file };
        command.Does((parsed, _) =>
        {
            var (home, file) = (Shared.HomeOf(parsed, "node"), parsed.GetValue(s_file)!);
            if (!file.Exists)
                throw new CliException(ExitCode.BadInput, $"there is no {file.FullName}");
            var made = BackupRestore.Read(file.FullName, home);
            Show(parsed, file.FullName, home, made, "never run it beside the node that it is a copy of");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void Show(ParseResult parsed, string file, string home, BackupManifest made, string note)
    {
        var result = new BackupResult(file, home, made.Chain, made.Files.Count, made.Made);
        Shared.PrinterOf(parsed).Print(result, static j => j.BackupResult, () => Printer.Pairs(
            ("file", file), ("home", home), ("chain", made.Chain), ("files", $"{made.Files.Count}"), ("made", $"{made.Made:u}"),
            ("note", note)));
    }
}
