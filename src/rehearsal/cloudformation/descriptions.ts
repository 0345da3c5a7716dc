import { capabilitiesOf } from './prepare';
import type { QueryOutput } from './query';
import type { EmulatedStack, PlannedResourceChange, StackResource } from './stack';
import type { Template } from './template';

export function describeTemplate(template: Template): { readonly [name: string]: QueryOutput } {
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

export function stackAnswer(stack: EmulatedStack): QueryOutput {
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
export function describeResource({ events }: EmulatedStack, { logicalId, type, made }: StackResource) {
  const last = events.findLast((event) => event.logicalId === logicalId && event.physicalId === made.physicalId);
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: made.physicalId,
    ResourceType: type,
    ResourceStatus: last?.status ?? 'CREATE_COMPLETE',
    ResourceStatusReason: last?.reason,
  };
}

export function describeChange({
  action,
  logicalId,
  physicalId,
  type,
  replacement,
  changed,
}: PlannedResourceChange): QueryOutput {
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

export function pairs(values: Readonly<Record<string, string>> | undefined, key: string, value: string): QueryOutput {
  return Object.entries(values ?? {}).map(([name, content]) => ({ [key]: name, [value]: content }));
}
