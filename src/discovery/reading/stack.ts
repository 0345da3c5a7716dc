import { hostOfOutput } from '../output-host';
import type { Reader } from '../reader';
import type { Parts, SeenStack } from '../snapshot';

/** Parameters of Quilt's template about its network. Source: Quilt's CloudFormation template, build 1.62.1 and 1.68. */
const NETWORK_PARAMETERS = [
  'VPC',
  'Subnets',
  'IntraSubnets',
  'UserSubnets',
  'PublicSubnets',
  'UserSecurityGroup',
  'CertificateArnELB',
  'QuiltWebHost',
  'ConnectAllowedHosts',
];

interface DescribedStack {
  readonly StackName: string;
  readonly StackStatus: string;
  readonly Outputs?: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
  readonly Parameters?: readonly { readonly ParameterKey: string; readonly ParameterValue?: string }[];
}

/**
 * The Quilt stack: the one of a name, or the one whose output QuiltWebHost is the catalog's host. Of several, none is
 * chosen: a guess must not pass for a fact.
 */
export async function readStack(
  reader: Reader,
  { stackName, host }: { readonly stackName?: string; readonly host?: string },
): Promise<Pick<Parts, 'stack' | 'otherStacks'>> {
  const found = await reader.find<{ Stacks: readonly DescribedStack[] }>(
    'stacks',
    stackName === undefined ? {} : { StackName: stackName },
  );
  if (found === undefined) return {};
  const stacks = (found?.Stacks ?? []).filter(
    (stack) => stackName !== undefined || (host !== undefined && hostOfOutput(outputsOf(stack).QuiltWebHost) === host),
  );
  const [first, ...others] = stacks;
  if (!first) return { stack: null, otherStacks: [] };
  if (others.length > 0) return { stack: null, otherStacks: stacks.map(({ StackName }) => StackName) };
  return { stack: { ...stackOf(first), resources: await resourcesOf(reader, first) }, otherStacks: [] };
}

async function resourcesOf(reader: Reader, { StackName }: DescribedStack): Promise<SeenStack['resources']> {
  const listed = await reader.read<{
    StackResourceSummaries: readonly {
      readonly LogicalResourceId: string;
      readonly PhysicalResourceId?: string;
      readonly ResourceType: string;
    }[];
  }>('stackResources', { StackName });
  return Object.fromEntries(
    (listed?.StackResourceSummaries ?? []).map(({ LogicalResourceId, ResourceType, PhysicalResourceId = '' }) => [
      LogicalResourceId,
      { type: ResourceType, id: PhysicalResourceId },
    ]),
  );
}

function stackOf(stack: DescribedStack): Omit<SeenStack, 'resources'> {
  const parameters = (stack.Parameters ?? []).filter(({ ParameterKey }) => NETWORK_PARAMETERS.includes(ParameterKey));
  return {
    name: stack.StackName,
    status: stack.StackStatus,
    outputs: outputsOf(stack),
    parameters: Object.fromEntries(
      parameters.map(({ ParameterKey, ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
  };
}

function outputsOf({ Outputs = [] }: DescribedStack): Record<string, string> {
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
