import type { Reader } from '../reader';
import type { Parts } from '../snapshot';
import { isoTime } from '../time';

type Certificates = Pick<Parts, 'certificates'>;
type RegionalParts = Pick<Parts, 'zones' | 'oidcProviders' | 'secrets' | 'buckets'>;

/** Every kind of key: without, ACM lists certificates of 1024 and 2048 bit RSA alone. Source: ACM API Reference, Filters. */
const KEY_TYPES = ['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'];

/** Certificates of ACM. */
export async function readCertificates(reader: Reader): Promise<Certificates> {
  const read = await reader.read<{
    CertificateSummaryList: readonly {
      CertificateArn: string;
      DomainName: string;
      SubjectAlternativeNameSummaries?: readonly string[];
      Status?: string;
      NotAfter?: string | number;
      Type?: string;
    }[];
  }>('certificates', { Includes: { keyTypes: KEY_TYPES } });
  return {
    certificates: read?.CertificateSummaryList.map(
      ({ CertificateArn, DomainName, SubjectAlternativeNameSummaries = [], Status = 'UNKNOWN', NotAfter, Type }) => ({
        arn: CertificateArn,
        names: [...new Set([DomainName, ...SubjectAlternativeNameSummaries])].map((name) => name.toLowerCase()),
        status: Status,
        ...(Type === 'IMPORTED' && { isImported: true as const }),
        ...(NotAfter !== undefined && { notAfter: isoTime(NotAfter) }),
      }),
    ),
  };
}

/** Resources around the stack that a deployment may use. */
export async function readSurroundings(reader: Reader): Promise<RegionalParts> {
  const [zones, providers, secrets, buckets] = await Promise.all([
    reader.read<{ HostedZones: readonly { Id: string; Name: string; Config?: { PrivateZone?: boolean } }[] }>('zones'),
    reader.read<{ OpenIDConnectProviderList: readonly { Arn: string }[] }>('oidcProviders'),
    reader.read<{ SecretList: readonly { Name: string; ARN: string }[] }>('secrets'),
    reader.read<{ Buckets?: readonly { Name: string }[] }>('buckets'),
  ]);
  return {
    zones: zones?.HostedZones.map(({ Id, Name, Config }) => ({
      id: Id.replace('/hostedzone/', ''),
      name: Name.replace(/\.$/, '').toLowerCase(),
      isPrivate: Config?.PrivateZone === true,
    })),
    oidcProviders: providers?.OpenIDConnectProviderList.map(({ Arn }) => Arn),
    secrets: secrets?.SecretList.map(({ Name, ARN }) => ({ name: Name, arn: ARN })),
    buckets: buckets && (buckets.Buckets ?? []).map(({ Name }) => Name),
  };
}
