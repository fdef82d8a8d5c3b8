using System.CommandLine;
using System.Text;
using Starling.Cli.Verifying;
using Starling.Host.Local;
using Starling.Programs.Jobs;
using Starling.Proofs.Attestations;
using Starling.Proofs.Provenance;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Commands;

/// <summary><c>starling provenance MODEL</c>: what a model comes from, through every receipt at hand.</summary>
internal static class ProvenanceCommand
{
    private const string Tree = "tree";
    private const string Json = "json";
    private const string Dot = "dot";
    private const string Svg = "svg";
    private const string InTotoFormat = "in-toto";
    private const string Weights = ".safetensors";

    private static readonly Argument<string> s_model = new("model")
    {
        Description = "The output folder of a run, a receipt, a .safetensors file, or a content id.",
    };

    private static readonly Option<string> s_format = CreateFormat();

    private static readonly Option<string[]> s_with = new("--with")
    {
        Description = "Folders with further receipts; by default the folder that the model's folder is in.",
        DefaultValueFactory = static _ => [],
    };

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "With --format in-toto: the job's data, where it is not at the path that the job names.",
    };

    private static readonly Option<string?> s_output = new("--output")
    {
        Description = "Write to this file instead of standard output.",
    };

    public static Command Create()
    {
        var command = new Command("provenance", "Show what a model comes from: jobs, data, settings and code.")
        {
            s_model, s_format, s_with, s_data, s_output,
        };
        command.Does((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var model = parsed.GetValue(s_model)!;
        byte[] text = parsed.GetValue(s_format) switch
        {
            InTotoFormat => Attest(parsed, model),
            Json => ProvenanceText.Json(Build(parsed, model)),
            Dot => Encoding.UTF8.GetBytes(ProvenanceText.Dot(Build(parsed, model))),
            Svg => Encoding.UTF8.GetBytes(ProvenanceSvg.Draw(Build(parsed, model))),
            _ => Encoding.UTF8.GetBytes(ProvenanceText.Tree(Build(parsed, model))),
        };
        if (parsed.GetValue(s_output) is { } file)
            File.WriteAllBytes(file, text);
        else
            Console.Out.WriteLine(Encoding.UTF8.GetString(text).TrimEnd('\n'));
        return ExitCode.Ok;
    }

    private static ProvenanceGraph Build(ParseResult parsed, string model)
    {
        var (content, receipt, folder) = Resolve(model);
        var with = parsed.GetValue(s_with)!;
        IEnumerable<string> folders = with.Length > 0 ? with
            : folder is null ? ["."]
            : [folder, Path.GetDirectoryName(folder) ?? folder];
        IEnumerable<ReceiptReport> own = receipt is null ? [] : [receipt];
        var builder = new ProvenanceBuilder(own.Concat(ReceiptsAtHand.In(folders)));
        return builder.Knows(content)
            ? builder.Build(content, model)
            : throw new CliException(
                ExitCode.NotVerified,
                $"no receipt at hand made {new ContentId(content)}: name folders with receipts by --with");
    }

    /// <summary>The content asked for, its receipt where the argument holds one, and the folder that it is in.</summary>
    private static (Hash256 Content, ReceiptReport? Receipt, string? Folder) Resolve(string model)
    {
        if (ContentId.TryParse(model, out var id))
            return (id.Hash, null, null);
        if (model.EndsWith(Weights, StringComparison.Ordinal) && File.Exists(model))
            return (Blake3.Hash(File.ReadAllBytes(model)), null, Path.GetDirectoryName(Path.GetFullPath(model)));
        var source = ReceiptSource.Open(model);
        var report = ReceiptVerifier.Verify(source.Bytes, source.Files);
        if (!report.Verified)
            throw new CliException(ExitCode.NotVerified, $"{source.Path}: the receipt does not verify: {report.Failure}");
        if (report.Receipt!.Model is not { } made)
            throw new CliException(ExitCode.BadInput, $"{source.Path}: its job gave no model: {report.Settlement!.Why}");
        var file = made.Files.FirstOrDefault(f => f.Path.EndsWith(Weights, StringComparison.Ordinal)) ?? made.Files[0];
        return (file.Content, report, Path.GetDirectoryName(Path.GetFullPath(source.Path)));
    }

    /// <summary>The receipt as a signed statement, by this user's key.</summary>
    private static byte[] Attest(ParseResult parsed, string model)
    {
        var source = ReceiptSource.Open(model);
        var report = ReceiptVerifier.Verify(source.Bytes, source.Files);
        if (!report.Verified)
            throw new CliException(ExitCode.NotVerified, $"{source.Path}: the receipt does not verify: {report.Failure}");
        var spec = RecordCodec.Decode<JobSpec>(source.Receipt!.Spec);
        var blobs = new BlobsAtHand(source, parsed.GetValue(s_data), Shared.BlobFolderOf(parsed));
        ReadOnlyMemory<byte>? data = blobs.Find(spec.Dataset.Content);
        if (data is { } bytes && Blake3.Hash(bytes.Span) != spec.Dataset.Content)
            data = null;
        try
        {
            var signer = KeyFile.Signer(Path.Combine(Shared.HomeOf(parsed), "identity.key"));
            return ModelAttestation.Sign(ModelStatement.Of(source.Bytes, source.Files, data), signer).ToBytes();
        }
        catch (ArgumentException e)
        {
            throw new CliException(ExitCode.BadInput, $"{source.Path}: {e.Message}");
        }
    }

    private static Option<string> CreateFormat()
    {
        var format = new Option<string>("--format")
        {
            Description = "tree, json, dot (Graphviz), svg, or in-toto: a signed statement for supply-chain tools.",
            DefaultValueFactory = static _ => Tree,
        };
        format.AcceptOnlyFromAmong(Tree, Json, Dot, Svg, InTotoFormat);
        return format;
    }
}
