using System.Text.Json;
using System.Text.Json.Serialization;

namespace Starling.Client.Contract;

/// <summary>How the contract is written in JSON: names in camel case, absent for null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(NetworkInfo))]
[JsonSerializable(typeof(AccountInfo))]
[JsonSerializable(typeof(TransactionSubmission))]
[JsonSerializable(typeof(TransactionInfo))]
[JsonSerializable(typeof(BlobInfo))]
[JsonSerializable(typeof(JobOpenedInfo))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(JobInfo))]
[JsonSerializable(typeof(ExplanationInfo))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ContractJson : JsonSerializerContext;
