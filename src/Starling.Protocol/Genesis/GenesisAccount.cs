using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Genesis;

/// <summary>What one key holds at height 0, in millionths: free credits, free tokens, and tokens already at stake.</summary>
public sealed record GenesisAccount(NodeId Id, ulong Credits, ulong Tokens, ulong Bond) : IRecord<GenesisAccount>
{
    public static RecordType Type => RecordType.GenesisAccount;

    public static GenesisAccount Read(FieldReader f) =>
        new(new NodeId(f.Hash(1)), f.Unsigned(2), f.Unsigned(3), f.Unsigned(4));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Unsigned(2, Credits);
        f.Unsigned(3, Tokens);
        f.Unsigned(4, Bond);
    }
}
