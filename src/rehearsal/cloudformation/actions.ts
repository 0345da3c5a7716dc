import { GetObjectCommand } from '@aws-sdk/client-s3';

import { createChangeSet, executeChangeSet, findChangeSet } from './change-sets';
import type { CloudFormation } from './engine';
import { capabilitiesOf } from './prepare';
import type { Input, Output } from './query';
import { EngineError } from './refusal';
import { validateTemplate } from './spec';
import type { Change, Stack, StackRequest, StackResource } from './stack';
import { parseTemplate, type Template, TemplateError } from './template';

const MAX_TEMPLATE_BODY = 51_200;
const MAX_TEMPLATE_URL = 1_048_576;

type Parameters = Readonly<Record<string, Input>>;

interface Action {
  /** The parameters that it does something with, or may leave without a difference. Any other is refused. */
  readonly takes: readonly string[];
  run(engine: CloudFormation, parameters: Parameters): Promise<Output> | Output;
}

const TEMPLATE = ['TemplateBody', 'TemplateURL'];
/** Without a difference here: who does it, how often it was asked, and whom it tells. */
const WITHOUT_EFFECT = ['ClientRequestToken', 'ClientToken', 'NotificationARNs'];
const OF_STACK = [
  'StackName',
  ...TEMPLATE,
  'Parameters',
  'Tags',
  'Capabilities',
  'DeploymentConfig',
  ...WITHOUT_EFFECT,
];
/** Parameters that may only be turned off. */
const OFF = ['DisableValidation', 'EnableTerminationProtection', 'RetainExceptOnCreate'];

/** What is answered, by the name of what is asked. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  CreateChangeSet: {
    takes: [
      ...OF_STACK,
      'ChangeSetName',
      'ChangeSetType',
      'Description',
      'ImportExistingResources',
      'IncludeNestedStacks',
      'OnStackFailure',
      'UsePreviousTemplate',
    ],
    async run(engine, parameters) {
      const type = text(parameters, 'ChangeSetType') === 'CREATE' ? 'CREATE' : 'UPDATE';
      const request = await stackRequest(engine, parameters);
      const { changeSet, stack } = await createChangeSet(engine, text(parameters, 'ChangeSetName')!, type, request);
      return { Id: changeSet.id, StackId: stack.id };
    },
  },
  CreateStack: {
    takes: [...OF_STACK, 'DisableRollback', 'OnFailure', 'TimeoutInMinutes'],
    async run(engine, parameters) {
      return { StackId: (await engine.create(await stackRequest(engine, parameters))).id };
    },
  },
  DeleteChangeSet: {
    takes: ['ChangeSetName', 'StackName'],
    run(engine, parameters) {
      const [name, stackName] = [text(parameters, 'ChangeSetName')!, text(parameters, 'StackName')];
      // One that the stack has not is as good as deleted.
      if (stackName !== undefined) {
        const { changeSets } = engine.find(stackName);
        for (const [key, { id }] of changeSets) if (key === name || id === name) changeSets.delete(key);
      } else {
        const { changeSet, stack } = findChangeSet(engine, name, undefined);
        stack.changeSets.delete(changeSet.name);
      }
      return {};
    },
  },
  DeleteStack: {
    takes: ['StackName', 'RetainResources', 'DeploymentConfig', ...WITHOUT_EFFECT],
    async run(engine, parameters) {
      await engine.delete(text(parameters, 'StackName')!, list<string>(parameters, 'RetainResources'));
      return {};
    },
  },
  DescribeChangeSet: {
    takes: ['ChangeSetName', 'StackName', 'NextToken', 'IncludePropertyValues'],
    run(engine, parameters) {
      const { changeSet, stack } = findChangeSet(
        engine,
        text(parameters, 'ChangeSetName')!,
        text(parameters, 'StackName'),
      );
      return {
        ChangeSetName: changeSet.name,
        ChangeSetId: changeSet.id,
        StackId: stack.id,
        StackName: stack.name,
        CreationTime: changeSet.createdAt,
        ExecutionStatus: changeSet.executionStatus,
        Status: changeSet.status,
        StatusReason: changeSet.reason,
        Capabilities: changeSet.request.capabilities,
        Parameters: pairs(changeSet.request.parameters, 'ParameterKey', 'ParameterValue'),
        Tags: pairs(changeSet.request.tags, 'Key', 'Value'),
        Changes: changeSet.changes.map(describeChange),
      };
    },
  },
  DescribeStackEvents: {
    takes: ['StackName', 'NextToken'],
    run(engine, parameters) {
      const stack = engine.find(text(parameters, 'StackName')!);
      const events = stack.events.map((event) => ({
        StackId: stack.id,
        StackName: stack.name,
        EventId: event.id,
        Timestamp: event.timestamp,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
      }));
      return { StackEvents: events.reverse() };
    },
  },
  DescribeStackResources: {
    takes: ['StackName', 'LogicalResourceId'],
    run(engine, parameters) {
      const stack = engine.find(text(parameters, 'StackName')!);
      const only = text(parameters, 'LogicalResourceId');
      const resources = [...stack.resources.values()].filter(
        ({ logicalId }) => only === undefined || logicalId === only,
      );
      return {
        StackResources: resources.map((resource) => ({
          StackId: stack.id,
          StackName: stack.name,
          Timestamp: resource.updatedAt,
          ...describeResource(stack, resource),
        })),
      };
    },
  },
  DescribeStacks: {
    takes: ['StackName', 'NextToken'],
    run(engine, parameters) {
      const name = text(parameters, 'StackName');
      const stacks = name === undefined ? [...engine.stacks.values()] : [engine.find(name)];
      return { Stacks: stacks.map(describeStack) };
    },
  },
  ExecuteChangeSet: {
    takes: ['ChangeSetName', 'StackName', 'DisableRollback', ...WITHOUT_EFFECT],
    async run(engine, parameters) {
      if (staysOnFailure(parameters)) throw notApplied('DisableRollback of ExecuteChangeSet');
      const found = findChangeSet(engine, text(parameters, 'ChangeSetName')!, text(parameters, 'StackName'));
      await executeChangeSet(engine, found);
      return {};
    },
  },
  GetTemplate: {
    takes: ['StackName', 'ChangeSetName', 'TemplateStage'],
    run(engine, parameters) {
      const [changeSet, name] = [text(parameters, 'ChangeSetName'), text(parameters, 'StackName')];
      const body =
        changeSet === undefined
          ? engine.find(name!).templateText
          : findChangeSet(engine, changeSet, name).changeSet.request.templateText;
      return { TemplateBody: body, StagesAvailable: ['Original', 'Processed'] };
    },
  },
  GetTemplateSummary: {
    takes: ['StackName', ...TEMPLATE],
    async run(engine, parameters) {
      const name = text(parameters, 'StackName');
      const template =
        name === undefined
          ? validTemplate(await templateText(engine, parameters))
          : parseTemplate(engine.find(name).templateText);
      return {
        ...describeTemplate(template),
        Version: template.AWSTemplateFormatVersion,
        ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
      };
    },
  },
  ListExports: {
    takes: ['NextToken'],
    run: (engine) => ({
      Exports: [...engine.exports()].map(([name, { value, stack }]) => ({
        ExportingStackId: stack.id,
        Name: name,
        Value: value,
      })),
    }),
  },
  ListImports: {
    takes: ['ExportName', 'NextToken'],
    run(engine, parameters) {
      const name = text(parameters, 'ExportName')!;
      const users = [...engine.stacks.values()].filter(({ imports }) => imports.has(name));
      if (users.length === 0) throw new TemplateError(`Export '${name}' is not imported by any stack.`);
      return { Imports: users.map((stack) => stack.name) };
    },
  },
  ListStackResources: {
    takes: ['StackName', 'NextToken'],
    run(engine, parameters) {
      const stack = engine.find(text(parameters, 'StackName')!);
      return {
        StackResourceSummaries: [...stack.resources.values()].map((resource) => ({
          LastUpdatedTimestamp: resource.updatedAt,
          ...describeResource(stack, resource),
        })),
      };
    },
  },
  ListStacks: {
    takes: ['StackStatusFilter', 'NextToken'],
    run(engine, parameters) {
      const filter = list<string>(parameters, 'StackStatusFilter') ?? [];
      const stacks = [...engine.stacks.values(), ...engine.deleted];
      return {
        StackSummaries: stacks
          .filter(({ status }) => filter.length === 0 || filter.includes(status))
          .map((stack) => ({
            StackId: stack.id,
            StackName: stack.name,
            CreationTime: stack.createdAt,
            LastUpdatedTime: stack.updatedAt,
            DeletionTime: stack.deletedAt,
            StackStatus: stack.status,
            StackStatusReason: stack.reason,
          })),
      };
    },
  },
  UpdateStack: {
    takes: [...OF_STACK, 'DisableRollback', 'UsePreviousTemplate'],
    async run(engine, parameters) {
      if (staysOnFailure(parameters)) throw notApplied('DisableRollback of UpdateStack');
      return { StackId: (await engine.update(await stackRequest(engine, parameters))).id };
    },
  },
  ValidateTemplate: {
    takes: TEMPLATE,
    run: async (engine, parameters) => describeTemplate(validTemplate(await templateText(engine, parameters))),
  },
};

/** Answers one call. Rejects with a TemplateError or an EngineError for what is refused. */
export async function answer(engine: CloudFormation, name: string, parameters: Parameters): Promise<Output> {
  const action = ACTIONS[name];
  if (!action) throw notApplied(name);
  const unknown = Object.keys(parameters).filter(
    (parameter) =>
      !['Action', 'Version', ...action.takes].includes(parameter) &&
      !(OFF.includes(parameter) && parameters[parameter] === 'false'),
  );
  if (unknown.length > 0) throw notApplied(`${unknown.join(', ')} of ${name}`);
  return action.run(engine, parameters);
}

function notApplied(what: string): EngineError {
  return new EngineError('NotImplemented', `${what} is not applied here`);
}

function text(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : undefined;
}

/** A list; an empty one is sent as an empty text. Undefined where none is sent. */
function list<T>(parameters: Parameters, name: string): T[] | undefined {
  const value = parameters[name];
  return value === undefined ? undefined : value === '' ? [] : (value as T[]);
}

async function stackRequest(engine: CloudFormation, parameters: Parameters): Promise<StackRequest> {
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

/** Whether what a failing operation made is to stay. The mode of a deployment makes no difference here. */
function staysOnFailure({ DisableRollback, DeploymentConfig }: Parameters): boolean {
  const ofDeployment = (DeploymentConfig as Record<string, string> | undefined)?.DisableRollback;
  return DisableRollback === 'true' || ofDeployment === 'true';
}

async function templateText(engine: CloudFormation, parameters: Parameters): Promise<string> {
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

function validTemplate(body: string): Template {
  const template = parseTemplate(body);
  const [problem] = validateTemplate(template);
  if (problem !== undefined) throw new TemplateError(`Template format error: ${problem}`);
  return template;
}

function describeTemplate(template: Template): { readonly [name: string]: Output } {
  const capability = capabilitiesOf(template);
  return {
    Description: template.Description,
    Capabilities: capability ? [capability] : [],
    CapabilitiesReason: capability && 'The following resource(s) require capabilities: [AWS::IAM]',
    Parameters: Object.entries(template.Parameters ?? {}).map(([name, parameter]) => ({
      ParameterKey: name,
      ParameterType: parameter.Type,
      DefaultValue: parameter.Default === undefined ? undefined : String(parameter.Default),
      NoEcho: isSecret(parameter),
      Description: parameter.Description,
    })),
  };
}

function describeStack(stack: Stack): Output {
  const declared = stack.template.Parameters ?? {};
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.template.Description,
    Parameters: Object.entries(stack.parameters).map(([name, value]) => ({
      ParameterKey: name,
      ParameterValue: isSecret(declared[name] ?? {}) ? '****' : value,
    })),
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: stack.capabilities,
    EnableTerminationProtection: false,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    Tags: pairs(stack.tags, 'Key', 'Value'),
    Outputs: [...stack.outputs].map(([name, { value, description, exportName }]) => ({
      OutputKey: name,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
  };
}

function isSecret({ NoEcho }: { readonly NoEcho?: boolean | string }): boolean {
  return String(NoEcho) === 'true';
}

/** A resource is as complete as its last event says. */
function describeResource({ events }: Stack, { logicalId, type, made }: StackResource) {
  const last = events.findLast((event) => event.logicalId === logicalId && event.physicalId === made.physicalId);
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: made.physicalId,
    ResourceType: type,
    ResourceStatus: last?.status ?? 'CREATE_COMPLETE',
    ResourceStatusReason: last?.reason,
  };
}

function describeChange({ action, logicalId, physicalId, type, replacement, changed }: Change): Output {
  const attributes = ['Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'];
  const properties = changed.filter((name) => !attributes.includes(name));
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: replacement === undefined ? undefined : replacement ? 'True' : 'False',
      Scope: [
        ...(properties.length > 0 ? ['Properties'] : []),
        ...attributes.filter((attribute) => changed.includes(attribute)),
      ],
      Details: properties.map((name) => ({
        Target: { Attribute: 'Properties', Name: name, RequiresRecreation: replacement ? 'Always' : 'Never' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      })),
    },
  };
}

function pairs(values: Readonly<Record<string, string>> | undefined, key: string, value: string): Output {
  return Object.entries(values ?? {}).map(([name, content]) => ({ [key]: name, [value]: content }));
}
