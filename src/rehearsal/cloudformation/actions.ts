import { createChangeSet, executeChangeSet, findChangeSet } from './change-sets';
import { describeChange, describeResource, describeTemplate, pairs, stackAnswer } from './descriptions';
import type { CloudFormation } from './engine';
import { list, notApplied, type Parameters, stackRequest, staysOnFailure, TEMPLATE, templateText, text } from './input';
import type { QueryOutput } from './query';
import { validateTemplate } from './spec';
import { parseTemplate, type Template, TemplateError } from './template';

interface ApiAction {
  /** The parameters that it does something with, or may leave without a difference. Any other is refused. */
  readonly takes: readonly string[];
  run(engine: CloudFormation, parameters: Parameters): Promise<QueryOutput> | QueryOutput;
}

/** Parameters without effect here: the caller, the attempt, and the notified topics. */
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

/** Actions by name. */
export const ACTIONS: Readonly<Record<string, ApiAction>> = {
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
      return { Stacks: stacks.map(stackAnswer) };
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

/** Answers one call. Rejects with a TemplateError or an EngineError if it is refused. */
export async function answer(engine: CloudFormation, name: string, parameters: Parameters): Promise<QueryOutput> {
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

function validTemplate(body: string): Template {
  const template = parseTemplate(body);
  const [problem] = validateTemplate(template);
  if (problem !== undefined) throw new TemplateError(`Template format error: ${problem}`);
  return template;
}
