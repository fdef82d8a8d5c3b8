using System.Security.Cryptography;
using Starling.Cli;
using Starling.Cli.Verifying;
using Starling.Protocol.Identity;

namespace Starling.Verify;

/// <summary>
/// <c>starling-verify FILE [--genesis HASH]</c>: what <c>starling verify</c> does with the same arguments, for whoever
/// has only a receipt. <c>./starling</c> hands plain checks to it where it could be built as machine code.
/// </summary>
internal static class Program
{
    private const string Usage = "starling-verify FILE [--genesis HASH]: checks a receipt, and the files beside it, offline";

    private static int Main(string[] args)
    {
        var (file, genesis) = args switch
        {
            [var f] => (f, null),
            [var f, "--genesis", var g] => (f, g),
            ["--genesis", var g, var f] => (f, g),
            _ => ("-", null),
        };
        if (file.StartsWith('-'))
        {
            Console.Error.WriteLine(Usage);
            return ExitCode.BadInput;
        }

        // To load OpenSSL and libsodium takes as long as a small check: meanwhile the receipt is read.
        new Thread(LoadLibraries) { IsBackground = true }.Start();
        var (code, message) = (ExitCode.Failed, "");
        try
        {
            return Run(file, genesis);
        }
        catch (CliException e)
        {
            (code, message) = (e.ExitCode, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            message = e.Message;
        }

        Console.Error.WriteLine($"starling: {message}");
        return code;
    }

    private static void LoadLibraries()
    {
        Ed25519.Instance.Verify(default, [], new Signature(new byte[Signature.Size]));
        SHA256.HashData([]);
    }

    private static int Run(string file, string? genesis)
    {
        var verification = Verification.Of(ReceiptSource.Open(file), Verification.Network(genesis));
        var result = VerifyResults.Of(verification.Report, verification.Checks, replay: null);
        VerifyResults.Show(result);
        return verification.Code(result);
    }
}
