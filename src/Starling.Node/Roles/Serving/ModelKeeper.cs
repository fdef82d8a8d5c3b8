using Starling.Ledger.Records;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Encoding;

namespace Starling.Node.Roles.Serving;

/// <summary>Brings in the models of endpoints by their content ids and has them loaded, each once.</summary>
internal sealed class ModelKeeper(BlobDesk blobs)
{
    private readonly Dictionary<JobId, Entry> _models = [];

    /// <summary>Whether the endpoint's model is loaded; what is missing is started.</summary>
    public bool Ready(Timestamp now, JobRecord? job, EffectList effects)
    {
        if (job?.Endpoint is not { } endpoint)
            return false;
        if (!_models.TryGetValue(job.Id, out var entry))
            _models.Add(job.Id, entry = new Entry());
        if (entry.Stage != Stage.Missing)
            return entry.Stage == Stage.Ready;
        var holders = Holders.OfJob(job);
        if (entry.Model is null && blobs.Bytes(now, job.Order.Spec, () => holders, effects) is { } bytes)
            Read(job, bytes, entry, effects);
        if (entry.Model is not { } model || entry.Stage != Stage.Missing)
            return false;
        var here = true;
        foreach (var file in model.Files)
            here &= blobs.Have(now, file.Content, () => holders, effects);
        if (!here)
            return false;
        entry.Stage = Stage.Loading;
        effects.Add(new PrepareModel(job.Id, endpoint.Terms, model));
        return false;
    }

    /// <summary>Takes a completion; false when it is not one of these.</summary>
    public bool Take(Input input, EffectList effects)
    {
        if (input is not ModelPrepared prepared)
            return false;
        if (!_models.TryGetValue(prepared.Endpoint, out var entry))
            return true;
        entry.Stage = prepared.Problem is null ? Stage.Ready : Stage.Unusable;
        if (prepared.Problem is { } problem)
            effects.Tell("model.refused", ("endpoint", prepared.Endpoint.ToString()), ("reason", problem));
        else
            effects.Tell("model.ready", ("endpoint", prepared.Endpoint.ToString()));
        return true;
    }

    private void Read(JobRecord job, byte[] bytes, Entry entry, EffectList effects)
    {
        try
        {
            entry.Model = RecordCodec.Decode<EndpointModel>(bytes);
        }
        catch (DecodeException e)
        {
            entry.Stage = Stage.Unusable;
            effects.Tell("model.refused", ("endpoint", job.Id.ToString()), ("reason", e.Message));
        }

        blobs.Release(job.Order.Spec);
    }

    private enum Stage
    {
        Missing,
        Loading,
        Ready,
        Unusable,
    }

    private sealed class Entry
    {
        public Stage Stage { get; set; }

        public EndpointModel? Model { get; set; }
    }
}
