import type { Input } from './input';

export const DOMAIN: readonly Input[] = [
  {
    name: 'domain',
    description:
      'Host name of its own: the alias record that is made in the hosted zone, and the certificate that is given or else issued in that zone. Null when the host already leads to the load balancer',
    default: null,
    terraform: {
      value: ({ domain }) =>
        domain && {
          hosted_zone_id: domain.hostedZoneId,
          certificate_arn: domain.certificateArn,
          alb_dns_name: domain.albDnsName,
          alb_zone_id: domain.albHostedZoneId,
          alb_ip_address_type: domain.albIpAddressType === 'ipv4' ? undefined : domain.albIpAddressType,
        },
      type: 'object({\n    hosted_zone_id      = optional(string)\n    certificate_arn     = optional(string)\n    alb_dns_name        = string\n    alb_zone_id         = string\n    alb_ip_address_type = optional(string, "ipv4")\n  })',
      rules: [
        [
          'var.domain == null ? true : var.domain.hosted_zone_id != null || var.domain.certificate_arn != null',
          'A domain needs a hosted zone (hosted_zone_id), a certificate (certificate_arn), or both.',
        ],
        [
          'try(var.domain.hosted_zone_id, null) == null || can(regex("^[A-Z0-9]{1,32}$", var.domain.hosted_zone_id))',
          'The hosted zone is given by its ID, such as Z0123456789ABCDEFGHIJ.',
        ],
        [
          'try(var.domain.certificate_arn, null) == null || can(regex("^arn:aws[a-z-]*:(acm:[a-z0-9-]+|iam:):[0-9]{12}:(certificate|server-certificate)/.+$", var.domain.certificate_arn))',
          'The certificate is given by its ARN: arn:aws:acm:REGION:ACCOUNT:certificate/ID, or arn:aws:iam::ACCOUNT:server-certificate/NAME.',
        ],
        [
          'contains(["ipv4", "dualstack"], try(var.domain.alb_ip_address_type, "ipv4"))',
          'alb_ip_address_type is ipv4 or dualstack. With dualstack there is an AAAA record beside the A record.',
        ],
      ],
    },
    cdk: {
      value: ({ domain }) =>
        domain && {
          certificateArn: domain.certificateArn,
          hostedZoneId: domain.hostedZoneId,
          albDnsName: domain.albDnsName,
          albHostedZoneId: domain.albHostedZoneId,
          albIpAddressType: domain.albIpAddressType === 'ipv4' ? undefined : domain.albIpAddressType,
        },
      type: 'QuiltMcpServerDomain',
      default: '- the host is one that the listener has a certificate for, and that resolves to it',
      doc: 'Makes the host one of its own, with its certificate on the listener.',
    },
  },
  {
    name: 'ownDomain',
    kind: 'boolean',
    description: 'Whether the host has its own certificate on the listener',
    default: false,
    value: ({ domain }) => domain !== undefined,
    cloudformation: {},
  },
  {
    name: 'certificateArn',
    kind: 'text',
    description:
      'An issued ACM certificate in the same region, or a server certificate of IAM; empty, it is issued in the hosted zone',
    default: null,
    pattern: 'arn:aws[a-z-]*:(acm:[a-z0-9-]+:[0-9]{12}:certificate|iam::[0-9]{12}:server-certificate)/.+',
    value: ({ domain }) => domain?.certificateArn,
    cloudformation: { must: 'The ARN of a certificate, or nothing.' },
  },
  {
    name: 'hostedZoneId',
    kind: 'text',
    description:
      'Route 53 hosted zone for the alias record and for the validation of the certificate; empty, there is no record',
    default: null,
    value: ({ domain }) => domain?.hostedZoneId,
    cloudformation: {
      pattern: "'^[A-Z0-9]{0,32}$'",
      must: 'The id of a hosted zone, such as Z0123456789ABCDEFGHIJ, or nothing.',
    },
  },
  {
    name: 'albDnsName',
    kind: 'text',
    description: 'DNS name of the load balancer, for the alias record',
    default: null,
    value: ({ domain }) => domain?.albDnsName,
    cloudformation: {},
  },
  {
    name: 'albHostedZoneId',
    kind: 'text',
    description: 'Canonical hosted zone of the load balancer, for the alias record',
    default: null,
    value: ({ domain }) => domain?.albHostedZoneId,
    cloudformation: {
      pattern: "'^[A-Z0-9]{0,32}$'",
      must: 'The id of a hosted zone, such as Z35SXDOTRQ7X7K, or nothing.',
    },
  },
  {
    name: 'albIpAddressType',
    kind: 'text',
    description: 'IP address type of the load balancer; with dualstack there is an AAAA record beside the A record',
    default: 'ipv4',
    value: ({ domain }) => domain?.albIpAddressType ?? 'ipv4',
    cloudformation: { allowed: '[ipv4, dualstack]' },
  },
];
