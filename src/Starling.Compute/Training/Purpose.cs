namespace Starling.Compute.Training;

/// <summary>What a Philox draw is for. Values are consensus: they only grow.</summary>
internal enum Purpose : uint
{
    /// <summary>Initial weights: step is the parameter's number, index the element's.</summary>
    Initialise = 1,

    /// <summary>Order of the data: step is the training step, index is worker * 2^32 + the sequence's number.</summary>
    Data = 2,

    /// <summary>Generation: step is the position in the sequence.</summary>
    Sample = 3,
}
