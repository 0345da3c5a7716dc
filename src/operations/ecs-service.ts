import type { Aws } from './aws-cli';

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
