using System.Globalization;
using System.Runtime.InteropServices;
using Starling.Compute.Kernels;
using Starling.Equality;

// Prints a hash of everything that must have the same bits on every machine. Lines that start with # say how it was
// computed; all others must be the same whatever processor, path, runtime setting or number of threads ran.
// Arguments: [best|Scalar|V128|V256|V512 [threads]]
var width = args is [var name, ..] && name != "best" ? Enum.Parse<VectorWidth>(name) : VectorBackend.BestWidth;
var threads = args is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 1;
using var pool = new WorkerPool(threads);
var backend = VectorBackend.Create(width, pool);
Console.WriteLine($"# {RuntimeInformation.ProcessArchitecture} {width} {threads}");
foreach (var line in HashLines.All()
    .Concat(KernelLines.All(backend))
    .Concat(TrainingLines.All(backend))
    .Concat(JobLines.All(backend)))
    Console.WriteLine(line);
