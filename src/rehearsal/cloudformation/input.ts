import { GetObjectCommand } from '@aws-sdk/client-s3';

import type { CloudFormation } from './engine';
import type { QueryInput } from './query';
import { EngineError } from './refusal';
import type { StackRequest } from './stack';
import { TemplateError } from './template';

const MAX_TEMPLATE_BODY = 51_200;
const MAX_TEMPLATE_URL = 1_048_576;

/** Parameters with a template. */
export const TEMPLATE = ['TemplateBody', 'TemplateURL'];

/** Parameters of a call, by name. */
export type Parameters = Readonly<Record<string, QueryInput>>;

export function notApplied(what: string): EngineError {
  return new EngineError('NotImplemented', `${what} is not applied here`);
}

export function text(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : undefined;
}

/** A list; an empty one is sent as an empty text. Undefined if none is sent. */
export function list<T>(parameters: Parameters, name: string): T[] | undefined {
  const value = parameters[name];
  return value === undefined ? undefined : value === '' ? [] : (value as T[]);
}

export async function stackRequest(engine: CloudFormation, parameters: Parameters): Promise<StackRequest> {
  const given = list<Record<string, string>>(parameters, 'Parameters') ?? [];
  const onFailure = text(parameters, 'OnFailure') ?? text(parameters, 'OnStackFailure');
  const name = text(parameters, 'StackName')!;
  const tags = list<Record<string, string>>(parameters, 'Tags');
  return {
    name: name.startsWith('arn:') ? engine.findToUpdate(name).name : name,
    templateText:
      text(parameters, 'UsePreviousTemplate') === 'true'
        ? engine.findToUpdate(name).templateText
        : await templateText(engine, parameters),
    parameters: Object.fromEntries(
      given
        .filter(({ UsePreviousValue }) => UsePreviousValue !== 'true')
        .map(({ ParameterKey, ParameterValue }) => [ParameterKey!, ParameterValue ?? '']),
    ),
    previous: given
      .filter(({ UsePreviousValue }) => UsePreviousValue === 'true')
      .map(({ ParameterKey }) => ParameterKey!),
    tags: tags && Object.fromEntries(tags.map(({ Key, Value }) => [Key!, Value!])),
    capabilities: list<string>(parameters, 'Capabilities'),
    importExisting: text(parameters, 'ImportExistingResources') === 'true',
    onFailure: staysOnFailure(parameters) ? 'DO_NOTHING' : (onFailure as StackRequest['onFailure']),
  };
}

/** Whether the resources of a failed operation stay. The mode of a deployment makes no difference here. */
export function staysOnFailure({ DisableRollback, DeploymentConfig }: Parameters): boolean {
  const ofDeployment = (DeploymentConfig as Record<string, string> | undefined)?.DisableRollback;
  return DisableRollback === 'true' || ofDeployment === 'true';
}

export async function templateText(engine: CloudFormation, parameters: Parameters): Promise<string> {
  const [body, url] = TEMPLATE.map((name) => text(parameters, name));
  if ((body === undefined) === (url === undefined)) {
    throw new TemplateError('Either Template URL or Template Body must be specified.');
  }
  const found = body ?? (await readObject(engine, url!));
  const [limit, where] = body === undefined ? [MAX_TEMPLATE_URL, 'templateURL'] : [MAX_TEMPLATE_BODY, 'templateBody'];
  if (Buffer.byteLength(found) > limit) {
    throw new TemplateError(
      `1 validation error detected: Value at '${where}' failed to satisfy constraint: Member must have length less than or equal to ${limit}`,
    );
  }
  return found;
}

/** The text of an object of S3, by any of its URLs. */
async function readObject({ account }: CloudFormation, url: string): Promise<string> {
  const { hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  const hosted = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
  const slash = path.indexOf('/');
  const [Bucket, Key] = hosted ? [hosted, path] : [path.slice(0, slash), path.slice(slash + 1)];
  const { Body } = await account.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToString();
}
