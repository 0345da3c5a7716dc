import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddTagsToCertificateCommand,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  type DomainValidation,
  type KeyAlgorithm,
  RemoveTagsFromCertificateCommand,
  RequestCertificateCommand,
  UpdateCertificateOptionsCommand,
} from '@aws-sdk/client-acm';
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';

import { START_MS } from '../../emulator';
import type { Account } from '../account';
import { changeTags, type Handler, type Tag, takeTags } from '../handler';
import type { TemplateValue } from '../template';

const POLL_MS = 100;
const VALIDATION_TTL = 300;

interface Certificate {
  readonly domain: string;
  readonly alternatives?: string[];
  readonly keyAlgorithm?: KeyAlgorithm;
  readonly transparency: 'ENABLED' | 'DISABLED';
  readonly exportable?: 'ENABLED' | 'DISABLED';
  /** The hosted zone of each domain name. */
  readonly zones: Readonly<Record<string, string>>;
  readonly tags: Tag[];
}

/**
 * CloudFormation writes the records that prove the domain, waits for the certificate, and leaves the records there when
 * it deletes the certificate (aws-cloudformation/cloudformation-coverage-roadmap, issue 1603). A certificate that waits
 * for someone else, by mail or without a zone, is refused.
 */
const certificate: Handler<Certificate> = {
  read: (properties) => {
    const domain = properties.takeText('DomainName')!;
    const alternatives = properties.take<string[]>('SubjectAlternativeNames');
    const options = properties.takeParts('DomainValidationOptions') ?? [];
    const zones = Object.fromEntries(
      options.map((option) => [option.takeText('DomainName')!, option.takeText('HostedZoneId')!]),
    );
    if (properties.takeText('ValidationMethod') !== 'DNS')
      throw new Error('A certificate not validated by DNS waits for a mail');
    const waiting = [domain, ...(alternatives ?? [])].filter((name) => !zones[name]);
    if (waiting.length > 0) throw new Error(`Without a HostedZoneId, these wait for a record: ${waiting.join(', ')}`);
    return {
      domain,
      alternatives,
      zones,
      keyAlgorithm: properties.take<KeyAlgorithm>('KeyAlgorithm'),
      transparency: properties.take<'ENABLED'>('CertificateTransparencyLoggingPreference') ?? 'ENABLED',
      exportable: properties.take<'ENABLED'>('CertificateExport'),
      tags: takeTags(properties),
    };
  },
  async create({ clients }, request) {
    const { CertificateArn } = await clients.acm.send(
      new RequestCertificateCommand({
        DomainName: request.domain,
        SubjectAlternativeNames: request.alternatives,
        ValidationMethod: 'DNS',
        KeyAlgorithm: request.keyAlgorithm,
        Options: {
          CertificateTransparencyLoggingPreference: request.transparency,
          Export: request.exportable,
        },
      }),
    );
    // In a call of its own, as the handler does (aws-cloudformation/cloudformation-coverage-roadmap#2308).
    if (request.tags.length > 0)
      await clients.acm.send(new AddTagsToCertificateCommand({ CertificateArn, Tags: request.tags }));
    return { physicalId: CertificateArn!, attributes: { CertificateArn: CertificateArn! } };
  },
  async finish(account, { zones }, { physicalId }) {
    for (const { DomainName, ResourceRecord: record } of await validations(account, physicalId)) {
      const ResourceRecordSet: ResourceRecordSet = {
        Name: record!.Name,
        Type: record!.Type,
        TTL: VALIDATION_TTL,
        ResourceRecords: [{ Value: record!.Value }],
      };
      await changeRecords(account, zones[DomainName!]!, [{ Action: 'UPSERT', ResourceRecordSet }]);
    }
    await issued(account, physicalId);
  },
  async update({ clients: { acm } }, wanted, before, { physicalId: CertificateArn }) {
    if (wanted.transparency !== before.transparency || wanted.exportable !== before.exportable) {
      const Options = { CertificateTransparencyLoggingPreference: wanted.transparency, Export: wanted.exportable };
      await acm.send(new UpdateCertificateOptionsCommand({ CertificateArn, Options }));
    }
    await changeTags(
      wanted.tags,
      before.tags,
      (Tags) => acm.send(new AddTagsToCertificateCommand({ CertificateArn, Tags })),
      (keys) => acm.send(new RemoveTagsFromCertificateCommand({ CertificateArn, Tags: keys.map((Key) => ({ Key })) })),
    );
  },
  remove: async ({ clients }, _, { physicalId }) => {
    await clients.acm.send(new DeleteCertificateCommand({ CertificateArn: physicalId }));
  },
};

async function validations({ clients }: Account, CertificateArn: string): Promise<DomainValidation[]> {
  const { Certificate: found } = await clients.acm.send(new DescribeCertificateCommand({ CertificateArn }));
  return found!.DomainValidationOptions!;
}

async function issued({ clients }: Account, CertificateArn: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const { Certificate: found } = await clients.acm.send(new DescribeCertificateCommand({ CertificateArn }));
    if (found!.Status === 'ISSUED') return;
    if (Date.now() > deadline) throw new Error(`${CertificateArn} is ${found!.Status} after ${START_MS} ms`);
    await sleep(POLL_MS);
  }
}

interface RecordSet {
  readonly zone: string;
  readonly comment?: string;
  readonly set: ResourceRecordSet;
}

const recordSet: Handler<RecordSet> = {
  read: (properties) => {
    const zone = properties.takeText('HostedZoneId');
    if (!zone) throw new Error('A record set without a HostedZoneId is not applied here');
    const alias = properties.takePart('AliasTarget');
    const ttl = properties.takeText('TTL');
    return {
      zone,
      comment: properties.takeText('Comment'),
      set: {
        Name: properties.takeText('Name'),
        Type: properties.take<RRType>('Type'),
        TTL: ttl === undefined ? undefined : Number(ttl),
        ResourceRecords: properties.take<string[]>('ResourceRecords')?.map((Value) => ({ Value })),
        AliasTarget: alias && {
          DNSName: alias.takeText('DNSName'),
          HostedZoneId: alias.takeText('HostedZoneId'),
          EvaluateTargetHealth: alias.take<boolean>('EvaluateTargetHealth') ?? false,
        },
        ...(properties.takeAll([
          'Failover',
          'HealthCheckId',
          'MultiValueAnswer',
          'Region',
          'SetIdentifier',
          'Weight',
        ]) as {
          [name: string]: TemplateValue;
        }),
      },
    };
  },
  async create(account, { zone, comment, set }) {
    // Not UPSERT: CloudFormation refuses to take over a record that is there.
    await changeRecords(account, zone, [{ Action: 'CREATE', ResourceRecordSet: set }], comment);
    return { physicalId: set.Name!, attributes: {} };
  },
  async update(account, wanted, before) {
    const other = wanted.set.Type !== before.set.Type || wanted.set.SetIdentifier !== before.set.SetIdentifier;
    const removal: Change[] = other ? [{ Action: 'DELETE', ResourceRecordSet: before.set }] : [];
    const changes: Change[] = [...removal, { Action: 'UPSERT', ResourceRecordSet: wanted.set }];
    await changeRecords(account, wanted.zone, changes, wanted.comment);
  },
  remove: (account, { zone, set }) => changeRecords(account, zone, [{ Action: 'DELETE', ResourceRecordSet: set }]),
};

async function changeRecords({ clients }: Account, HostedZoneId: string, Changes: Change[], Comment?: string) {
  await clients.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Comment, Changes } }));
}

export const DNS = {
  'AWS::CertificateManager::Certificate': certificate,
  'AWS::Route53::RecordSet': recordSet,
};
