using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Starling.Client.Contract;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Host.Api;

/// <summary>Reads what requests carry, and names the field at fault.</summary>
internal static class ApiInput
{
    public static bool TryDecode(
        TransactionSubmission body, [NotNullWhen(true)] out SignedTransaction? transaction, [NotNullWhen(false)] out IResult? problem)
    {
        (transaction, problem) = (null, null);
        try
        {
            transaction = RecordCodec.Decode<SignedTransaction>(Convert.FromBase64String(body.Transaction ?? ""));
            return true;
        }
        catch (FormatException)
        {
            problem = ApiProblem.BadField("transaction", "not base64", "send the encoded record in base64");
        }
        catch (DecodeException e)
        {
            problem = ApiProblem.BadField("transaction", e.Message, "send a signed transaction as docs/starling.cddl describes it");
        }

        return false;
    }
}
