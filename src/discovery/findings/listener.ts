import { enumerate } from '../../conventions/labels';
import { NotModelled } from '../listener-rules';
import { othersRules } from '../planned';
import { type Found, ofDeployment } from './check';
import { priorityRemedy } from './priorities';

const DAY_MS = 86_400_000;
/** Days before which an expiry is worth a warning: ACM renews 60 days before, so one within 30 was not renewed. */
const SOON = 30;

/** Check: the listener of the answers is there. */
export const LISTENER = ofDeployment(
  'listener',
  'Is the listener there, with HTTPS?',
  ['listeners'],
  ({ listeners }, { environment: { name, service } }) => {
    const listener = listeners.find(({ arn }) => arn === service.listenerArn);
    if (listener?.protocol === 'HTTPS') return [];
    const https = listeners.find(({ protocol }) => protocol === 'HTTPS');
    return [
      {
        severity: 'error',
        text: listener
          ? `the listener is ${listener.protocol}, not HTTPS`
          : `there is no listener ${service.listenerArn}`,
        evidence: 'aws elbv2 describe-listeners',
        effect: 'The deployment fails: its rules have no listener.',
        remedy: `Set environments.${name}.network.listenerArn to the HTTPS listener of the Quilt stack's load balancer${
          https ? `: ${https.arn}` : `; npm run analyze:${name} looks for it`
        }.`,
      },
    ];
  },
);

/** Check: the priorities of the deployment are free. */
export const PRIORITIES = ofDeployment(
  'priorities',
  'Are the priorities of the listener rules free?',
  ['listeners', 'targetGroups'],
  (parts, planned) => {
    const { service } = planned.environment;
    const wanted = service.listenerRules.map(({ priority }) => String(priority));
    const taken = othersRules(parts, planned).filter(({ Priority = '' }) => wanted.includes(Priority));
    return taken.length === 0
      ? []
      : [
          {
            severity: 'error',
            text: `the listener has other rules at ${enumerate(taken.map(({ Priority }) => Priority!))}`,
            evidence: taken.map(({ RuleArn }) => RuleArn ?? '').join(', '),
            effect: 'The deployment fails with PriorityInUse.',
            remedy: priorityRemedy(parts, planned),
          },
        ];
  },
);

/** Check: there is room for the rules and the certificate. */
export const QUOTAS = ofDeployment(
  'quotas',
  'Is there room for more listener rules and certificates?',
  ['limits', 'listeners', 'targetGroups', 'listenerCertificates'],
  (parts, planned) => {
    const { service } = planned.environment;
    const { limits, listeners, listenerCertificates } = parts;
    const others = [
      ...othersRules(parts, planned),
      ...listeners.filter(({ arn }) => arn !== service.listenerArn).flatMap(({ rules }) => rules),
    ].filter(({ IsDefault }) => !IsDefault);
    const rules = others.length + service.listenerRules.length;
    const certificate = service.domain?.certificateArn;
    const isThere = parts.targetGroups.some(({ name }) => name === service.targetGroupName);
    const isNew =
      !isThere &&
      service.domain !== undefined &&
      (certificate === undefined || !listenerCertificates.includes(certificate));
    // The default certificate does not count.
    const certificates = Math.max(listenerCertificates.length - 1, 0) + Number(isNew);
    const over = (what: string, number: number, most: number | undefined): Found[] =>
      most === undefined || number <= most
        ? []
        : [
            {
              severity: 'error',
              text: `with this deployment the load balancer would have ${number} ${what}, and the quota is ${most}`,
              evidence: 'aws elbv2 describe-account-limits',
              effect: `The deployment fails with TooMany${what === 'rules' ? 'Rules' : 'Certificates'}.`,
              remedy:
                'Ask AWS for a higher quota of Elastic Load Balancing (Service Quotas), or remove what is not used.',
            },
          ];
    return [
      ...over('rules', rules, limits.rules),
      ...(isNew ? over('certificates', certificates, limits.certificates) : []),
    ];
  },
);

/** Check: a certificate of the listener is for the host, issued and not about to expire. */
export const CERTIFICATE = ofDeployment(
  'certificate',
  'Is a certificate of the listener for the host?',
  ['listenerCertificates', 'certificates'],
  ({ listenerCertificates, certificates }, { environment }, { now }) => {
    const { name, service } = environment;
    const host = new URL(environment.url).hostname;
    // One that the deployment issues.
    if (service.domain && service.domain.certificateArn === undefined) return [];
    const given = service.domain?.certificateArn;
    const arns = given === undefined ? listenerCertificates : [given];
    // A server certificate of IAM is not listed by ACM.
    if (arns.some((arn) => arn.includes(':server-certificate/'))) return [];
    const known = certificates.filter(({ arn }) => arns.includes(arn));
    const fitting = known.filter(({ names }) => names.some((pattern) => coversHost(pattern, host)));
    if (fitting.length === 0) {
      return [
        {
          severity: 'error',
          text: `no certificate ${given === undefined ? 'of the listener' : 'that the answers name'} is for ${host}; ${known.length === 0 ? 'ACM lists none of them' : `they are for ${enumerate(known.flatMap(({ names }) => names))}`}`,
          evidence: 'aws elbv2 describe-listener-certificates, aws acm list-certificates',
          effect: 'Clients refuse the connection: the certificate is for another name.',
          remedy: `Add a certificate for ${host} to the listener, or set environments.${name}.routing to domain with its certificateArn.`,
        },
      ];
    }
    const valid = fitting.filter(({ status }) => status === 'ISSUED');
    if (valid.length === 0) {
      return [
        {
          severity: 'error',
          text: `the certificate for ${host} is ${fitting[0]!.status}, not ISSUED`,
          evidence: fitting[0]!.arn,
          effect: 'Clients refuse the connection.',
          remedy: 'Renew the certificate, or validate it again, in ACM.',
        },
      ];
    }
    const last = valid.map(({ notAfter }) =>
      notAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(notAfter),
    );
    const days = Math.floor((Math.max(...last) - now.getTime()) / DAY_MS);
    return days >= SOON
      ? []
      : [
          {
            severity: 'warning',
            text: `the certificate for ${host} ends in ${days} days`,
            evidence: valid[0]!.arn,
            ...(valid.every(({ isImported }) => isImported)
              ? {
                  effect: 'Then clients refuse the connection. ACM does not renew an imported certificate.',
                  remedy: `Import a new certificate to the same ARN: aws acm import-certificate --region ${environment.region} --certificate-arn ${valid[0]!.arn} --certificate fileb://certificate.pem --private-key fileb://key.pem`,
                }
              : {
                  effect:
                    'Then clients refuse the connection. ACM renews a certificate 60 days before its end, so this one is not renewed.',
                  remedy: 'See in ACM why it is not renewed: mostly a DNS record for its validation is missing.',
                }),
          },
        ];
  },
);

/** Check: the load balancer keeps a connection for as long as the answers say. */
export const IDLE_TIMEOUT = ofDeployment(
  'idle-timeout',
  'Does the load balancer keep idle connections as long as the answers say?',
  ['idleTimeout'],
  ({ idleTimeout }, { environment }) => {
    const { albIdleTimeout } = environment.quiltStack;
    if (idleTimeout >= albIdleTimeout) return [];
    return [
      {
        severity: 'warning',
        text: `the load balancer closes a connection that is idle for ${idleTimeout} s, and the answers say ${albIdleTimeout} s`,
        evidence: 'idle_timeout.timeout_seconds: aws elbv2 describe-load-balancer-attributes',
        effect: 'A tool that takes longer ends with 504, though the server still works on it.',
        remedy: `Set environments.${environment.name}.network.albIdleTimeout to ${idleTimeout}: the server's own time-out follows from it.`,
      },
    ];
  },
);

/** Check: a web ACL lets the requests of MCP clients through. */
export const WEB_ACL = ofDeployment(
  'web-acl',
  'Does the web ACL let the requests of MCP clients through?',
  ['webAcl'],
  ({ webAcl }) => {
    if (!webAcl) return [];
    const { name, byCountry, bySize, undecided } = webAcl;
    if (undecided !== undefined && byCountry.length + bySize.length === 0) {
      throw new NotModelled(`the web ACL ${name} is not judged: ${undecided}`);
    }
    const found = (rules: readonly string[], what: string, effect: string, remedy: string): Found[] =>
      rules.length === 0
        ? []
        : [
            {
              severity: 'warning',
              text: `the web ACL ${name} blocks ${what}, by ${enumerate(rules)}`,
              evidence: 'aws wafv2 get-web-acl-for-resource',
              effect,
              remedy: `The web ACL is shared with the catalog: ask its owner for ${remedy}.`,
            },
          ];
    return [
      ...found(
        bySize,
        "large bodies (over 8 kB with AWS's core rule set)",
        'A call of a tool with long arguments gets 403.',
        'a rule before it that allows POST on this host and path',
      ),
      ...found(
        byCountry,
        'requests by their country',
        'Hosted clients call from data centres elsewhere, and get 403.',
        'an exception for this host and path, if such clients are wanted',
      ),
    ];
  },
);

/** Whether a name of a certificate is for a host: a wildcard stands for one label. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.slice(host.indexOf('.')) === pattern.slice(1) : pattern === host;
}
