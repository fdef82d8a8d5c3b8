using CsCheck;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Xunit;

namespace Starling.Tests.Ledger;

public class StateProofTests
{
    [Fact]
    public void A_record_is_proven_under_the_root_and_an_absent_one_proven_absent()
    {
        var net = new TestNetwork();
        net.PostOffer(TestNetwork.Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", TestNetwork.Providers[0]));
        var key = StateKey.Task(task);
        var bytes = net.State.Encoded(key)!;
        var proof = net.State.Prove(key);
        Assert.True(StateProof.Verify(net.State.Root, key, bytes, proof));
        Assert.Equal(job, RecordCodec.Decode<TaskRecord>(bytes).Job);

        Assert.False(StateProof.Verify(net.State.Root, key, null, proof));
        Assert.False(StateProof.Verify(net.State.Root, StateKey.Job(job), bytes, proof));
        Assert.False(StateProof.Verify(Hash256.Zero, key, bytes, proof));
        bytes[^1] ^= 1;
        Assert.False(StateProof.Verify(net.State.Root, key, bytes, proof));

        for (var i = 0; i < 50; i++)
        {
            var absent = StateKey.Account(new NodeId(TestNetwork.Content($"nobody {i}")));
            Assert.Null(net.State.Encoded(absent));
            Assert.True(StateProof.Verify(net.State.Root, absent, null, net.State.Prove(absent)));
            Assert.False(StateProof.Verify(net.State.Root, absent, [1], net.State.Prove(absent)));
            Assert.False(StateProof.Verify(net.State.Root, key, null, net.State.Prove(absent)));
        }
    }

    [Fact]
    public void No_proof_of_another_record_hides_one_that_is_there_or_shows_one_that_is_not()
    {
        var net = AuditCases.Started(null, out _);
        StateKey[] there =
        [
            .. net.State.Accounts.InOrder().Select(a => StateKey.Account(a.Id)), StateKey.Network, StateKey.RuleBook,
            StateKey.Epoch(1), StateKey.Draw(new DrawId(1, 0)), StateKey.Auditor(TestNetwork.Auditors[0].Id),
        ];
        StateKey[] absent = [StateKey.Epoch(2), StateKey.Draw(new DrawId(1, 1)), StateKey.Archive, StateKey.Sentinels];
        var proofs = there.Concat(absent).Select(net.State.Prove).ToArray();
        foreach (var key in there)
        {
            var value = net.State.Encoded(key)!;
            Assert.True(StateProof.Verify(net.State.Root, key, value, net.State.Prove(key)));
            Assert.All(proofs, p => Assert.False(StateProof.Verify(net.State.Root, key, null, p)));
            Assert.All(absent, a => Assert.All(proofs, p => Assert.False(StateProof.Verify(net.State.Root, a, value, p))));
        }

        Assert.All(absent, a => Assert.Null(net.State.Encoded(a)));
        Assert.All(absent, a => Assert.True(StateProof.Verify(net.State.Root, a, null, net.State.Prove(a))));
    }

    [Fact]
    public void An_altered_proof_proves_nothing()
    {
        var net = new TestNetwork();
        var key = StateKey.Account(TestNetwork.Owner.Id);
        var value = net.State.Encoded(key);
        var bytes = RecordCodec.Encode(net.State.Prove(key));
        for (var i = 0; i < bytes.Length; i++)
        {
            var altered = (byte[])bytes.Clone();
            altered[i] ^= 1;
            try
            {
                Assert.False(StateProof.Verify(
                    net.State.Root, key, value, RecordCodec.Decode<StateProof>(altered)), $"byte {i}");
            }
            catch (DecodeException)
            {
                // Refused even earlier.
            }
        }
    }

    [Fact]
    public void The_root_depends_on_the_contents_only()
    {
        var gen = Gen.Select(Gen.Int[0, 200], Gen.Int[-1, 5]).Array[1, 60];
        gen.Sample(writes =>
        {
            var tree = StateTree.Empty;
            var contents = new SortedDictionary<int, int>();
            foreach (var (key, value) in writes)
            {
                tree = tree.With([Change(key, value)]);
                contents.Remove(key);
                if (value >= 0)
                    contents[key] = value;
            }

            var changes = contents.Select(c => Change(c.Key, c.Value)).OrderBy(c => c.Path).ToArray();
            return tree.Root == StateTree.Empty.With(changes).Root;
        });
    }

    private static TreeChange Change(int key, int value) => new(
        TestNetwork.Content($"key {key}"), value < 0 ? null : TestNetwork.Content($"value {value}"));
}
