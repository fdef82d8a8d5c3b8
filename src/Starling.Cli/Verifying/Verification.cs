using Starling.Cli.Results;
using Starling.Proofs.Attestations;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Verifying;

/// <summary>The receipt's own report, and every check with those of the envelope or archive around it.</summary>
internal sealed record Verification(ReceiptReport Report, List<VerifyCheck> Checks)
{
    public bool Holds => Checks.TrueForAll(static c => c.Holds);

    /// <param name="source">The receipt with the files at hand.</param>
    /// <param name="expected">The network it must be of; null takes its own word.</param>
    public static Verification Of(ReceiptSource source, ChainId? expected)
    {
        if (source.Envelope is { } envelope)
            return VerifyResults.Envelope(ModelAttestation.Verify(envelope, source.Files, expected));
        var report = ReceiptVerifier.Verify(source.Bytes, source.Files, expected);
        var checks = VerifyResults.Checks(report);
        if (source.Archive is { } archive)
            checks.Add(VerifyResults.Archive(archive));
        return new Verification(report, checks);
    }

    /// <summary>The network that <c>--genesis</c> names.</summary>
    /// <exception cref="CliException">It is no hash.</exception>
    public static ChainId? Network(string? genesis)
    {
        if (genesis is null)
            return null;
        return Hash256.TryParse(genesis, out var hash)
            ? new ChainId(hash.Value)
            : throw new CliException(ExitCode.BadInput, $"--genesis: '{genesis}' is not 64 hexadecimal digits");
    }

    /// <summary>The exit code that says what was found.</summary>
    public int Code(VerifyResult result) => result.Verified ? ExitCode.Ok
        : Report.Checks.FirstOrDefault(c => !c.Holds) is { Kind: CheckKind.Genesis } ? ExitCode.UnknownIssuer
        : ExitCode.NotVerified;
}
