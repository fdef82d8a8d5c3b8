using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Identity;

/// <summary>
/// TLS certificates that a node key vouches for. TLS libraries do not take Ed25519 everywhere, so a certificate has an
/// ECDSA key of its own, made at every start; an extension holds the node id and its signature over that key. The rest
/// of a certificate (names, dates, issuer) means nothing here, so a wrong clock does no harm.
/// </summary>
internal static class NodeCertificate
{
    /// <summary>A UUID as an object identifier (ITU-T X.667), which needs no registry.</summary>
    private const string EndorsementOid = "2.25.183257390743564570835071001715093081522";

    private const int EndorsementSize = Hash256.Size + Signature.Size;

    private static readonly DateTimeOffset s_from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_until = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A new certificate with its private key.</summary>
    public static X509Certificate2 Create(ISigner node)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=starling", key, HashAlgorithmName.SHA256);
        var endorsement = new byte[EndorsementSize];
        node.Id.Key.CopyTo(endorsement);
        node.Sign(Endorsed(key.ExportSubjectPublicKeyInfo())).Bytes.CopyTo(endorsement.AsSpan(Hash256.Size));
        request.CertificateExtensions.Add(new X509Extension(new Oid(EndorsementOid), endorsement, critical: false));
        using var made = request.CreateSelfSigned(s_from, s_until);

        // Windows takes no key that was never in a container.
        return X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.DefaultKeySet);
    }

    /// <summary>The node that vouches for the certificate's key; null when none does.</summary>
    public static NodeId? NodeOf(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 shown || shown.Extensions[EndorsementOid]?.RawData is not { } endorsement
            || endorsement.Length != EndorsementSize)
            return null;
        var node = new NodeId(new Hash256(endorsement.AsSpan(0, Hash256.Size)));
        var signature = new Signature(endorsement.AsSpan(Hash256.Size));
        return Ed25519.Instance.Verify(node, Endorsed(shown.PublicKey.ExportSubjectPublicKeyInfo()), signature) ? node : null;
    }

    private static byte[] Endorsed(byte[] key) => Blake3.Hash("tls key", key).ToArray();
}
