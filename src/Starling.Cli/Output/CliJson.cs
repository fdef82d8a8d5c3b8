using System.Text.Json;
using System.Text.Json.Serialization;
using Starling.Cli.Results;
using Starling.Client.Contract;

namespace Starling.Cli.Output;

/// <summary>How the command's results are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(StoppedResult))]
[JsonSerializable(typeof(QuoteResult))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(JobInfo))]
[JsonSerializable(typeof(JobOpenedInfo))]
[JsonSerializable(typeof(ExplanationInfo))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(ResponseResult))]
[JsonSerializable(typeof(ArchiveResult))]
[JsonSerializable(typeof(IdentityResult))]
[JsonSerializable(typeof(DoctorResult))]
[JsonSerializable(typeof(LedgerCheckResult))]
[JsonSerializable(typeof(UpResult))]
[JsonSerializable(typeof(NodeResult))]
[JsonSerializable(typeof(NetworkResult))]
[JsonSerializable(typeof(BackupResult))]
[JsonSerializable(typeof(TransactionInfo))]
[JsonSerializable(typeof(InitResult))]
[JsonSerializable(typeof(ServeResult))]
[JsonSerializable(typeof(KeyResult))]
[JsonSerializable(typeof(KeyLine[]))]
[JsonSerializable(typeof(UsageResult))]
[JsonSerializable(typeof(Metric))]
[JsonSerializable(typeof(SimulateResult))]
internal sealed partial class CliJson : JsonSerializerContext;
