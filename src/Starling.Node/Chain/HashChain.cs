using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Chain;

/// <summary>
/// A hash chain shown from its end: link <c>i</c> hashes to link <c>i - 1</c>, link 0 is the public tip. Beacons of the
/// sequencer and seeds of auditors come from one each, so all were fixed before anything that they decide
/// (protocol.md, 5).
/// </summary>
/// <remarks>Keeps one link in every <c>sqrt(length)</c> and the segment last asked for.</remarks>
public sealed class HashChain
{
    private readonly Hash256 _secret;
    private readonly Hash256[] _checkpoints;
    private readonly Hash256[] _segment;
    private readonly int _stride;
    private int _segmentOf = -1;

    /// <param name="secret">The last link: whoever knows it knows all.</param>
    /// <param name="length">Links after the tip. Making the chain hashes that often.</param>
    public HashChain(Hash256 secret, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        _secret = secret;
        _stride = Math.Max(1, (int)Math.Sqrt(length));
        _checkpoints = new Hash256[(length / _stride) + 1];
        _segment = new Hash256[_stride];
        var link = secret;
        for (var index = length; index >= 0; index--)
        {
            if (index % _stride == 0)
                _checkpoints[index / _stride] = link;
            link = Derived.ChainLink(link);
        }
    }

    private HashChain(HashChain other)
    {
        (Length, _secret, _stride, _checkpoints) = (other.Length, other._secret, other._stride, other._checkpoints);
        _segment = new Hash256[_stride];
    }

    public int Length { get; }

    public Hash256 Tip => _checkpoints[0];

    /// <exception cref="ArgumentOutOfRangeException">Negative, or the chain is used up.</exception>
    public Hash256 this[ulong index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(index, (ulong)Length);
            var segment = (int)index / _stride;
            if (segment != _segmentOf)
                Load(segment);
            return _segment[(int)index % _stride];
        }
    }

    /// <summary>The same chain for another reader, without hashing it again. One chain serves one thread.</summary>
    public HashChain Copy() => new(this);

    /// <summary>Fills the segment downwards from the checkpoint above it, or from the secret at the end.</summary>
    private void Load(int segment)
    {
        var first = segment * _stride;
        var last = Math.Min(first + _stride - 1, Length);
        var link = last == Length ? _secret : Derived.ChainLink(_checkpoints[segment + 1]);
        for (var index = last; index > first; index--)
        {
            _segment[index - first] = link;
            link = Derived.ChainLink(link);
        }

        _segment[0] = link;
        _segmentOf = segment;
    }
}
