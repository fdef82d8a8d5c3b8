namespace Starling.Node.Messages;

/// <summary>What a gateway can be asked from outside. Concrete requests live beside the role that answers them.</summary>
public abstract record NodeRequest;

/// <summary>What a gateway answers.</summary>
public abstract record NodeResponse;
