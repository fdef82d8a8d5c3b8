using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Answers;

/// <summary>What a gateway asks a worker for. Its hash names the request: nobody can put another in its place.</summary>
/// <param name="Endpoint">The job that serves the model.</param>
/// <param name="Model">Content id of the weights.</param>
/// <param name="Nonce">Makes equal requests different.</param>
/// <param name="Prompt">At least one token.</param>
/// <param name="Delivered">Tokens of the answer that another worker delivered: this one goes on behind them.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="Beyond">
/// Hash of the stop texts and the grammar, zero for none. Auditors apply them; a referee that has no tokenizer decides
/// about logits only.
/// </param>
public sealed record AnswerRequest(
    JobId Endpoint, Hash256 Model, Hash256 Nonce, int[] Prompt, int[] Delivered, AnswerSampling Sampling, Hash256 Beyond)
    : IRecord<AnswerRequest>
{
    private static readonly HashDomain s_domain = HashDomain.Get("answer request");

    public static RecordType Type => RecordType.AnswerRequest;

    /// <summary>Tokens before the first that this worker adds.</summary>
    public int Known => Prompt.Length + Delivered.Length;

    /// <summary>The request's name, and the running root before the first chunk.</summary>
    public Hash256 Hash() => s_domain.Hash(RecordCodec.Encode(this));

    public static AnswerRequest Read(FieldReader f)
    {
        var read = new AnswerRequest(
            new JobId(f.Hash(1)), f.Hash(2), f.Hash(3), TokenList.Read(f, 4, AnswerLimits.Tokens),
            TokenList.Read(f, 5, AnswerLimits.Tokens), f.Nested<AnswerSampling>(6), f.Hash(7));
        return read.Prompt.Length > 0 ? read : throw f.Fail(4, "a prompt has at least one token");
    }

    public void Write(FieldWriter f)
    {
        f.Hash(1, Endpoint.Hash);
        f.Hash(2, Model);
        f.Hash(3, Nonce);
        TokenList.Write(f, 4, Prompt);
        TokenList.Write(f, 5, Delivered);
        f.Record(6, Sampling);
        f.Hash(7, Beyond);
    }
}
