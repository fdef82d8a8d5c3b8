using Starling.Cli;
using Starling.Cli.Verifying;
using Starling.Protocol.Hashing;
using Starling.Tests.Host;
using Starling.Tests.Proofs;
using Xunit;

namespace Starling.Tests.Cli;

public class ArchiveFileTests(ITestOutputHelper output)
{
    private static FinishedJob Job => FinishedJob.Tiny;

    [Fact]
    public void It_gives_back_what_was_packed_and_is_the_same_bytes_every_time()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (Pack(folder, "a"), Pack(folder, "b"));
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        Assert.True(ArchiveFile.IsOne(a));
        var archive = ArchiveFile.Open(a);
        Assert.Equal(Job.Bytes, archive.Receipt);
        Assert.Equal(Job.Files.Length + 1, archive.Blobs.Count);
        Assert.Equal(Job.Dataset, archive.Find(ContentId.Of(Job.Dataset).Hash)!.Value.ToArray());
        Assert.Null(archive.Find(default));
        var source = ReceiptSource.Open(a);
        Assert.Equal(Job.Files.Length, source.Files.Count);
        Assert.Equal(Job.Receipt.Job, source.Receipt!.Job);
    }

    [Fact]
    public void Altered_and_cut_archives_are_refused_or_their_blobs_no_longer_match()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var good = File.ReadAllBytes(Pack(folder, "good"));
        var path = Path.Combine(folder.Path, "bad");
        for (var i = 0; i < 300; i++)
        {
            var bad = (byte[])good.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
                bad[i % 2 == 0 ? random.Next(bad.Length) : 512 * random.Next(bad.Length / 512) + random.Next(512)] = (byte)random.Next(256);
            File.WriteAllBytes(path, i % 3 == 0 ? bad[..random.Next(bad.Length)] : bad);
            try
            {
                var archive = ArchiveFile.Open(path);
                _ = VerifyResults.Archive(archive);
            }
            catch (CliException e)
            {
                Assert.Contains("not an archive", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_altered_blob_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Pack(folder, "altered");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(Job.Dataset.AsSpan())] ^= 1;
        File.WriteAllBytes(path, bytes);
        var check = VerifyResults.Archive(ArchiveFile.Open(path));
        Assert.False(check.Holds);
        Assert.Contains(ContentId.Of(Job.Dataset).ToString(), check.Reason, StringComparison.Ordinal);
    }

    private static string Pack(TemporaryFolder folder, string name)
    {
        var path = Path.Combine(folder.Path, name);
        ArchiveFile.Write(path, Job.Bytes,
        [
            new(ContentId.Of(Job.Dataset).Hash, Job.Dataset),
            .. Job.Files.Select(f => new KeyValuePair<Hash256, ReadOnlyMemory<byte>>(Blake3.Hash(f.Bytes.Span), f.Bytes)),
        ]);
        return path;
    }
}
