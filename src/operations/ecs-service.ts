import { type Aws, answerOf } from './aws-cli';

/** A service of ECS. */
export interface ServiceId {
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
}

/** Source: API reference of ECS, "ServiceDeploymentBrief": the statuses of a deployment that has not ended. */
const RUNNING = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];

/** Whether a deployment of a service has not ended yet; false if there is no such service. */
export async function isDeploying(aws: Aws, { region, cluster, service }: ServiceId): Promise<boolean> {
  const place = ['--region', region, '--cluster', cluster, '--service', service];
  const listed = aws<{ readonly serviceDeployments?: readonly unknown[] }>(
    'ecs',
    'list-service-deployments',
    ...place,
    ...['--status', ...RUNNING],
  );
  const { serviceDeployments = [] } = (await answerOf(listed, /(Service|Cluster)NotFoundException/)) ?? {};
  return serviceDeployments.length > 0;
}

/** Images of the containers of a task definition. */
export async function imagesOf(aws: Aws, taskDefinition: string): Promise<string[]> {
  const described = await aws<{
    taskDefinition: { containerDefinitions: readonly { readonly image: string }[] };
  }>('ecs', 'describe-task-definition', '--task-definition', taskDefinition);
  return described.taskDefinition.containerDefinitions.map(({ image }) => image);
}

/** The state of each target of a target group, such as `healthy`. */
export async function targetStates(aws: Aws, targetGroupArn: string): Promise<string[]> {
  const { TargetHealthDescriptions } = await aws<{
    TargetHealthDescriptions: readonly { readonly TargetHealth: { readonly State: string } }[];
  }>('elbv2', 'describe-target-health', '--target-group-arn', targetGroupArn);
  return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth.State);
}
