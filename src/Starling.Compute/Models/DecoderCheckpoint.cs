namespace Starling.Compute.Models;

/// <summary>How the checkpoints of an architecture store a decoder's parameters.</summary>
internal static class DecoderCheckpoint
{
    public static IReadOnlyList<PublishedTensor> List(DecoderConfig config)
    {
        DecoderArchitecture names = config.Architecture;
        IReadOnlyList<Parameter> parameters = config.ListParameters();
        Dictionary<string, Parameter> byName = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        List<PublishedTensor> published = [];
        foreach (Parameter parameter in parameters)
        {
            if (PartOf(names, parameter.Name) is not { } part)
                published.Add(PublishedTensor.Plain(parameter));
            else if (names.FusedAttentionInput is not { } fused || !IsAttentionInput(names, part.Name))
                published.Add(Projection(names, parameter.Name, [parameter]));
            else if (part.Name == names.Query)
                published.Add(Projection(
                    names, part.Layer + fused + part.Kind,
                    [parameter, byName[part.Layer + names.Key + part.Kind], byName[part.Layer + names.Value + part.Kind]]));
        }

        return published;
    }

    /// <summary>The tensor's name, then its name in files of the model without its head.</summary>
    public static IEnumerable<string> NamesOf(DecoderArchitecture names, PublishedTensor tensor) =>
        tensor.Name.StartsWith(names.BodyPrefix, StringComparison.Ordinal)
            ? [tensor.Name, tensor.Name[names.BodyPrefix.Length..]]
            : [tensor.Name];

    private static PublishedTensor Projection(DecoderArchitecture names, string name, Parameter[] parts) =>
        PublishedTensor.Of(name, parts, names.StoresInputsFirst && parts[0].Dimensions == 2);

    private static bool IsAttentionInput(DecoderArchitecture names, string part) =>
        part == names.Query || part == names.Key || part == names.Value;

    /// <summary>Prefix of the layer, projection and ".weight" or ".bias"; null for what is no projection of a layer.</summary>
    private static (string Layer, string Name, string Kind)? PartOf(DecoderArchitecture names, string parameter)
    {
        if (!parameter.StartsWith(names.LayerPrefix, StringComparison.Ordinal))
            return null;
        int start = parameter.IndexOf('.', names.LayerPrefix.Length) + 1, end = parameter.LastIndexOf('.');
        string name = parameter[start..end];
        return name == names.InputNorm || name == names.FeedForwardNorm
            ? null
            : (parameter[..start], name, parameter[end..]);
    }
}
