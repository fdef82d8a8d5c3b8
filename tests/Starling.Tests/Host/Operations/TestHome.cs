using Starling.Host.Local;
using Starling.Host.Storage;
using Starling.Protocol.Genesis;

namespace Starling.Tests.Host.Operations;

/// <summary>The home folder of a sequencer that has ordered a few batches.</summary>
internal sealed class TestHome : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestHome(int batches = 3)
    {
        using var home = HomeFolder.Open(Path);
        var producer = KeyFile.Signer(this["key"]).Id;
        home.WriteGenesis(new GenesisRecord(
            "test", NetworkProfile.Lab, default, producer, KeyFile.Secret(this["secret"]), [producer], [], Rules.Lab));
        Directory.CreateDirectory(this["blobs"]);
        File.WriteAllText(this["blobs/one"], "a blob");
        File.WriteAllText(this["node.yaml"], "role: sequencer\n");
        using var store = Open();
        foreach (var batch in TestLog.Chain(batches))
            store.Append(batch);
    }

    public string Path => _folder["home"];

    public string Backup => _folder["backup"];

    public string Other => _folder["other"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public SqliteNodeStore Open() => SqliteNodeStore.Open(this["node.db"]);

    public void Dispose() => _folder.Dispose();
}
