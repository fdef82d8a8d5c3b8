namespace Starling.Arithmetic.Blueprints;

/// <summary>Where an input of the step's graph comes from. Values are consensus.</summary>
public enum InputSource
{
    /// <summary>Tensor number <c>Index</c> of the state at the start of the step.</summary>
    State = 1,

    /// <summary>A tensor of task input <c>Index</c>, from chunk <c>First</c> on.</summary>
    Blob = 2,

    /// <summary>Row r holds r mod <c>Length</c>.</summary>
    Positions = 3,

    /// <summary>One row per step of the task, listed as the bits of its floats.</summary>
    Constants = 4,

    /// <summary>
    /// Windows of a row of numbers in task input <c>Index</c>, which begins at its chunk 0: rows come in sequences of
    /// <c>Length</c>; sequence b starts at number First + Draw(Sequence + b, Count) + Shift.
    /// </summary>
    Window = 5,

    /// <summary>
    /// Rows of a tensor in task input <c>Index</c>, which begins at its chunk 0: row b is row First +
    /// Draw(Sequence + b, Count).
    /// </summary>
    DrawnRow = 6,

    /// <summary>
    /// Numbers of the one-row tensor in task input <c>Index</c> that begins at its chunk <c>Shift</c>: row b holds number
    /// First + Draw(Sequence + b, Count).
    /// </summary>
    DrawnNumber = 7,
}
