using System.Globalization;
using System.Reflection;
using Starling.Host.Local;
using Starling.Protocol;
using Starling.Protocol.Genesis;

namespace Starling.Host.Processes;

/// <summary>What a new network is like.</summary>
/// <param name="Name">For people.</param>
/// <param name="Profile">Which rules it starts from.</param>
/// <param name="Accounts">Who holds what at height 0.</param>
/// <param name="Rules">Rules that differ from the profile's, by name.</param>
/// <param name="Seeds">Addresses under which its first node can be reached.</param>
public sealed record NetworkTerms(
    string Name, NetworkProfile Profile, IReadOnlyList<GenesisAccount> Accounts, IReadOnlyDictionary<string, string> Rules,
    IReadOnlyList<string> Seeds);

/// <summary>Makes a network: its sequencer's key, its genesis, and the invite to it.</summary>
public static class NetworkInit
{
    private const string InviteFile = "invite";

    /// <exception cref="ArgumentException">A rule or an address cannot be; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The folder belongs to a network already.</exception>
    public static Invite Create(HomeFolder home, NetworkTerms terms, string? passphrase, TimeProvider time)
    {
        if (home.ReadGenesis() is { } stored)
            throw new InvalidOperationException(
                $"{home.Path} belongs to chain {stored.ChainId()}: a network is made once; choose another --home");
        var rules = Rules.Of(terms.Profile) with { };
        foreach (var (name, value) in terms.Rules)
            Set(rules, name, value);
        var folder = new NodeFolder("sequencer", home.Path, passphrase);
        var producer = folder.Signer();
        var start = new Timestamp(time.GetUtcNow().ToUnixTimeMilliseconds());
        var genesis = new GenesisRecord(
            terms.Name, terms.Profile, start, producer.Id, LocalGenesis.Beacons(folder.Secret()).Tip, [producer.Id],
            [.. terms.Accounts], rules);
        var invite = Invite.Create(genesis.ChainId(), terms.Seeds, producer);
        File.WriteAllText(Path.Combine(home.Path, InviteFile), invite + "\n");
        home.WriteGenesis(genesis);
        return invite;
    }

    /// <summary>The invite of the network that was made in this folder; null where none was.</summary>
    public static string? StoredInvite(string home)
    {
        var file = Path.Combine(home, InviteFile);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private static void Set(Rules rules, string name, string value)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal);
        var property = typeof(Rules).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(p => p.CanWrite && p.Name.Equals(plain, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"'{name}' is no rule: see the fields of 'rules' in docs/starling.cddl");
        try
        {
            property.SetValue(rules, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ArgumentException($"rule {name}: '{value}' is no {property.PropertyType.Name}");
        }
    }
}
