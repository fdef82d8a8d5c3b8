namespace Starling.Host.Misbehaving;

/// <summary>What a provider can be told to do wrong, so that one sees what the network does about it.</summary>
public enum Misbehaviour
{
    /// <summary>Computes, then changes one bit of the result.</summary>
    WrongResult = 1,

    /// <summary>Shows its inputs as the result, without computing.</summary>
    Lazy = 2,

    /// <summary>Takes tasks and never shows a result.</summary>
    Silent = 3,

    /// <summary>Stops for good in the middle of its first task.</summary>
    Crash = 4,
}
