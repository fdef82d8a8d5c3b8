using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Simulation.Planted;

/// <summary>A role with a bug put in on purpose, by altering what it hears or says.</summary>
/// <param name="role">The role.</param>
/// <param name="hear">Alters an input; null keeps it from the role.</param>
/// <param name="say">Alters an effect, to any number of others.</param>
internal sealed class PlantedBug(IRole role, Func<Input, Input?> hear, Func<Effect, IEnumerable<Effect>> say) : IRole
{
    public static PlantedBug Deaf(IRole role, Predicate<Input> what) => new(role, i => what(i) ? null : i, static e => [e]);

    public static PlantedBug Mute(IRole role, Predicate<Effect> what) => new(role, static i => i, e => what(e) ? [] : [e]);

    public static PlantedBug Mishears(IRole role, Func<Input, Input> alter) => new(role, alter, static e => [e]);

    public void Step(Timestamp now, Input input, EffectList effects)
    {
        if (hear(input) is not { } heard)
            return;
        var said = new EffectList();
        role.Step(now, heard, said);
        foreach (var altered in said.Effects.SelectMany(say))
            effects.Add(altered);
    }
}
