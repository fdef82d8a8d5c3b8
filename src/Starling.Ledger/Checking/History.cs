using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Protocol.Batches;

namespace Starling.Ledger.Checking;

/// <summary>
/// The history of a network as rows for other programs: one per transaction and one per event, in order, each with a
/// name that never changes (the transaction's id, or the event's height and place). Fields are those of the record.
/// </summary>
public static class History
{
    /// <summary>The first line of the CSV form.</summary>
    public const string Header = "height,time,kind,id,name,sender,code,fields";

    /// <summary>The rows of one applied batch, each one JSON object.</summary>
    public static IEnumerable<string> Lines(Batch batch, ApplyResult result) => Rows(batch, result).Select(Line);

    /// <summary>The row of one event of a batch: the same JSON object as among <see cref="Lines"/>.</summary>
    public static string Line(Batch batch, LedgerEvent happened) => Line(RowOf(batch, happened));

    private static string Line(Row r) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("height", r.Height);
        writer.WriteString("time", r.Time);
        writer.WriteString("kind", r.Kind);
        writer.WriteString("id", r.Id);
        writer.WriteString("name", r.Name);
        if (r.Sender.Length > 0)
            writer.WriteString("sender", r.Sender);
        if (r.Code.Length > 0)
            writer.WriteString("code", r.Code);
        writer.WritePropertyName("fields");
        writer.WriteRawValue(r.Fields);
        writer.WriteEndObject();
    });

    /// <summary>The rows of one applied batch as CSV (RFC 4180).</summary>
    public static IEnumerable<string> Csv(Batch batch, ApplyResult result) => Rows(batch, result).Select(static r =>
        string.Join(
            ',', r.Height.ToString(CultureInfo.InvariantCulture), r.Time, r.Kind, r.Id, r.Name, r.Sender, r.Code,
            $"\"{r.Fields.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    private static IEnumerable<Row> Rows(Batch batch, ApplyResult result)
    {
        var (height, time) = (batch.Header.Header.Height, batch.Header.Header.Time.ToString());
        for (var i = 0; i < batch.Transactions.Length; i++)
        {
            var signed = batch.Transactions[i];
            yield return new Row(
                height, time, "transaction", signed.Id.ToString(), signed.Transaction.Body.GetType().Name,
                signed.Transaction.Sender.ToString(), result.Outcomes[i].Code.ToString(), Fields(signed.Transaction.Body));
        }

        foreach (var happened in result.Events)
            yield return RowOf(batch, happened);
    }

    private static Row RowOf(Batch batch, LedgerEvent happened) => new(
        batch.Header.Header.Height, batch.Header.Header.Time.ToString(), "event", happened.Id.ToString(),
        happened.GetType().Name, "", "", Fields(happened));

    private static string Fields(object record) => Json(writer =>
    {
        writer.WriteStartObject();
        foreach (var property in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.Name is "EqualityContract" or "Id" || property.GetIndexParameters().Length > 0)
                continue;
            writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
            Value(writer, property.GetValue(record));
        }

        writer.WriteEndObject();
    });

    private static void Value(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int or long or ulong:
                writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                break;
            case Credits credits:
                writer.WriteRawValue(credits.Micro.ToString(CultureInfo.InvariantCulture));
                break;
            case Tokens tokens:
                writer.WriteRawValue(tokens.Micro.ToString(CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case System.Collections.IEnumerable many and not string:
                writer.WriteStartArray();
                foreach (var one in many)
                    Value(writer, one);
                writer.WriteEndArray();
                break;
            case Protocol.Identity.Signature signature:
                writer.WriteBase64StringValue(signature.Bytes);
                break;
            case Protocol.Transactions.TaskIssue or Protocol.Transactions.Verdict or Protocol.Transactions.ResultClaim:
                writer.WriteRawValue(Fields(value));
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private sealed record Row(
        ulong Height, string Time, string Kind, string Id, string Name, string Sender, string Code, string Fields);
}
