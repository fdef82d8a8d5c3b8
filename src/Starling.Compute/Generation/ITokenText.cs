namespace Starling.Compute.Generation;

/// <summary>Turns the tokens of one answer into text, one after the other.</summary>
public interface ITokenText
{
    /// <summary>The bytes of UTF-8 that the token adds; valid until the next call.</summary>
    ReadOnlySpan<byte> Append(int token);
}
