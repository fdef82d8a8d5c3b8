using System.Security.Cryptography;

namespace Starling.Host.Ports;

/// <summary>Where secret keys, seeds and salts come from.</summary>
public interface IEntropy
{
    void Fill(Span<byte> destination);
}

/// <summary>The operating system's generator.</summary>
public sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
