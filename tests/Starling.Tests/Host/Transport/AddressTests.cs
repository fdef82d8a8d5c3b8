using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Xunit;

namespace Starling.Tests.Host.Transport;

public sealed class AddressTests
{
    [Fact]
    public void OnlyTheNodeItselfMayChangeWhereItIs()
    {
        var book = new AddressBook(PeerNode.KeyOf(1).Id);
        var other = PeerNode.KeyOf(2).Id;
        Assert.True(book.Learn(Hint("a.example.org:1", "no address")));
        Assert.False(book.Learn(Hint("b.example.org:2")));
        Assert.Equal(other, book.NodeAt("a.example.org:1"));
        Assert.True(book.Learn(other, ["b.example.org:2"]));
        Assert.Null(book.NodeAt("a.example.org:1"));
        Assert.False(book.Learn(PeerNode.KeyOf(1).Id, ["c.example.org:3"]));
        book.Forget("b.example.org:2");
        Assert.Empty(book.All);

        PeerList Hint(params string[] addresses) => AddressBook.Frame(other, addresses).Peers;
    }

    [Fact]
    public void WhatWasLearnedOutlivesTheProcessAndDamageIsLeftOut()
    {
        using var folder = new TemporaryFolder();
        var file = new AddressFile(folder["peers"]);
        Assert.Empty(file.Read());
        file.Write([(PeerNode.KeyOf(2).Id, ["a.example.org:1", "b.example.org:2"]), (PeerNode.KeyOf(3).Id, ["c.example.org:3"])]);
        File.AppendAllText(folder["peers"], "nonsense a.example.org:9\n\n" + PeerNode.KeyOf(4).Id + "\n");
        var read = new AddressFile(folder["peers"]).Read().ToArray();
        Assert.Equal([PeerNode.KeyOf(2).Id, PeerNode.KeyOf(3).Id], read.Select(r => r.Node));
        Assert.Equal(["a.example.org:1", "b.example.org:2"], read[0].Addresses);
    }
}
