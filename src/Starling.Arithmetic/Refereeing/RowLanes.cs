using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Refereeing;

/// <summary>The 32 lanes of a row's reduction within the numbers that parts leave.</summary>
internal readonly ref struct RowLanes<L>(Span<float> numbers)
    where L : struct, ILanes<float>
{
    public const int Count = 32;

    private readonly Span<float> _lanes = numbers;

    public void Start(float value) => _lanes.Fill(value);

    public void Add(int index, float x) => _lanes[index % Count] = L.Add(_lanes[index % Count], x);

    public void AddProduct(int index, float a, float b) => _lanes[index % Count] = L.Fma(a, b, _lanes[index % Count]);

    public void Raise(int index, float x) => _lanes[index % Count] = L.Max(x, _lanes[index % Count]);

    public float Sum()
    {
        Span<float> tree = stackalloc float[Count];
        _lanes.CopyTo(tree);
        for (int half = Count / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                tree[i] = L.Add(tree[i], tree[i + half]);
        return tree[0];
    }

    public float Largest()
    {
        Span<float> tree = stackalloc float[Count];
        _lanes.CopyTo(tree);
        for (int half = Count / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                tree[i] = L.Max(tree[i + half], tree[i]);
        return tree[0];
    }
}
