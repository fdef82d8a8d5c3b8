using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// What an endpoint serves, for those who load it: the specification of its job. The weights in the files have the
/// content id that the endpoint's terms name.
/// </summary>
/// <param name="Name">For people.</param>
/// <param name="Files">Of the model's folder in Hugging Face layout.</param>
public sealed record EndpointModel(string Name, EndpointFile[] Files) : IRecord<EndpointModel>
{
    private const int MostFiles = 1_024;
    private const int NameLength = 256;

    public static RecordType Type => RecordType.EndpointModel;

    public static EndpointModel Read(FieldReader f)
    {
        var read = new EndpointModel(f.Text(1, NameLength), f.Records<EndpointFile>(2, MostFiles));
        for (var i = 1; i < read.Files.Length; i++)
        {
            if (string.CompareOrdinal(read.Files[i - 1].Name, read.Files[i].Name) >= 0)
                throw f.Fail(2, "names ascend, none twice");
        }

        return read;
    }

    public void Write(FieldWriter f)
    {
        f.Text(1, Name);
        f.Records(2, Files);
    }
}

/// <summary>A file of a model's folder: its plain name and its content id.</summary>
public sealed record EndpointFile(string Name, Hash256 Content) : IRecord<EndpointFile>
{
    private const int NameLength = 256;

    public static RecordType Type => RecordType.EndpointFile;

    public static EndpointFile Read(FieldReader f)
    {
        var name = f.Text(1, NameLength);
        return name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && name[0] != '.'
            ? new EndpointFile(name, f.Hash(2))
            : throw f.Fail(1, "a file's name has letters, digits, '.', '-' and '_'");
    }

    public void Write(FieldWriter f)
    {
        f.Text(1, Name);
        f.Hash(2, Content);
    }
}
