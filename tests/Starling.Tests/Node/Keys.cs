using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Tests.Node;

/// <summary>Keys and hashes by name, the same in every run.</summary>
internal static class Keys
{
    public static ISigner Signer(string name) => Ed25519.SignerFromSeed(Hash(name).ToArray());

    public static Hash256 Hash(string name) => Blake3.Hash(System.Text.Encoding.UTF8.GetBytes(name));
}
