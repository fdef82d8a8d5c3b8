namespace Starling.Node.Contract;

/// <summary>Reports in one line.</summary>
internal static class Telling
{
    /// <summary>Tells people and metrics what happened.</summary>
    public static void Tell(this EffectList effects, string @event, params (string Key, object Value)[] fields) =>
        effects.Add(new Report(@event, fields.ToDictionary(f => f.Key, f => f.Value)));
}
