using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.State;

/// <summary>A whole state as bytes: restores to the same root, so that a replica need not replay from genesis.</summary>
public sealed class Snapshot : IRecord<Snapshot>
{
    private const int MaxRecordBytes = 8 << 20;
    private const int MaxRecords = 1 << 28;
    private const int MaxPeaks = 63;

    private Hash256 _root, _lastHeader;
    private long _headers;
    private Hash256[] _peaks = [];
    private byte[][][] _tables = [];

    public static RecordType Type => RecordType.Snapshot;

    /// <summary>The root of the state that was saved.</summary>
    public Hash256 Root => _root;

    public static Snapshot Of(LedgerState state)
    {
        var tables = new byte[state.Tables.Count][][];
        for (var i = 0; i < tables.Length; i++)
        {
            var records = new List<byte[]>();
            state.Tables[i].Save(records);
            tables[i] = [.. records];
        }

        return new Snapshot
        {
            _root = state.Root,
            _lastHeader = state.LastHeader,
            _headers = state.History.Count,
            _peaks = state.History.Peaks,
            _tables = tables,
        };
    }

    public static Snapshot Read(FieldReader f)
    {
        var snapshot = new Snapshot
        {
            _root = f.Hash(1),
            _lastHeader = f.Hash(2),
            _headers = f.Integer(3, 0),
            _peaks = f.Hashes(4, MaxPeaks),
        };
        var key = 5;
        var tables = new List<byte[][]>();
        for (; f.Has(key); key++)
            tables.Add(f.List(key, MaxRecords, static r => r.Bytes(MaxRecordBytes)));
        snapshot._tables = [.. tables];
        return snapshot;
    }

    public void Write(FieldWriter f)
    {
        f.Hash(1, _root);
        f.Hash(2, _lastHeader);
        f.Integer(3, _headers);
        f.Hashes(4, _peaks);
        for (var i = 0; i < _tables.Length; i++)
            f.List(5 + i, _tables[i], static (w, record) => w.Bytes(record));
    }

    /// <summary>The state that was saved.</summary>
    /// <exception cref="DecodeException">Altered, incomplete, or of another network.</exception>
    public LedgerState Restore(GenesisRecord genesis)
    {
        var state = new LedgerState(genesis);
        if (_tables.Length != state.Tables.Count)
            throw new DecodeException(nameof(Snapshot), $"{_tables.Length} tables instead of {state.Tables.Count}");
        for (var i = 0; i < _tables.Length; i++)
        {
            foreach (var record in _tables[i])
                state.Tables[i].Load(record);
        }

        var tree = state.NextTree();
        if (tree.Root != _root)
            throw new DecodeException(nameof(Snapshot), $"its records give the root {tree.Root}, not {_root}");
        if (_peaks.Length != System.Numerics.BitOperations.PopCount((ulong)_headers))
            throw new DecodeException(nameof(Snapshot), $"{_headers} headers do not have {_peaks.Length} peaks");
        state.Commit(tree);
        state.LastHeader = _lastHeader;
        state.History = new MountainPeaks(_headers, _peaks);
        return state;
    }
}
