using Starling.Host.Ports;
using Starling.Host.Storage.Postgres;

namespace Starling.Host.Operations;

/// <summary>Whether a sequencer's database answers, and what it holds.</summary>
internal static class PostgresCheck
{
    public static Finding Run(PostgresAddress address)
    {
        try
        {
            using var reader = new PostgresReader(address);
            var (height, _) = reader.Tip();
            return reader.HasStandby()
                ? Finding.Ok("log", $"{address.Place}: up to height {height}, with a synchronous standby")
                : Finding.Warning(
                    "log", $"{address.Place}: up to height {height}, and lost with its machine: give it a synchronous standby");
        }
        catch (StorageException e)
        {
            return Finding.Bad("log", e.Message);
        }
    }
}
