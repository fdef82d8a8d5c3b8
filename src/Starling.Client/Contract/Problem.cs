namespace Starling.Client.Contract;

/// <summary>
/// An error (RFC 9457): <paramref name="Code"/> is stable and for programs, <paramref name="Field"/> names the part of
/// the request at fault, <paramref name="Fix"/> says what to do.
/// </summary>
public sealed record Problem(string? Title, int? Status, string? Detail, string? Code, string? Field, string? Fix);
