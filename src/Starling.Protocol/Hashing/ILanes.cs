namespace Starling.Protocol.Hashing;

/// <summary>
/// Operations on several 32-bit words at once, one word per lane. Every implementation gives the same bits per lane,
/// whether the processor has the width or the runtime composes it from narrower vectors.
/// </summary>
internal interface ILanes<TVector>
    where TVector : unmanaged
{
    static abstract int Count { get; }

    static abstract TVector Broadcast(uint value);

    static abstract TVector Load(ref readonly uint source);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Xor(TVector left, TVector right);

    static abstract TVector Rotate16(TVector value);

    static abstract TVector Rotate12(TVector value);

    static abstract TVector Rotate8(TVector value);

    static abstract TVector Rotate7(TVector value);
}
