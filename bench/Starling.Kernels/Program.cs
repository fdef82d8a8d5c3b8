using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Starling.Kernels;

// In this process: kernels are compiled once and for all, so a process for each benchmark would show nothing more.
var config = DefaultConfig.Instance.WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "results"));
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Products).Assembly).Run([.. args, "--inProcess"], config);
return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
