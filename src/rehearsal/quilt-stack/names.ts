import { createHash } from 'node:crypto';

/** A name as CloudFormation makes it for a resource without one: stack, logical id and a random part. */
export function generatedName(stack: string, logicalId: string, limit: number): string {
  const suffix = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 12).toUpperCase();
  const room = limit - suffix.length - 2;
  const [head, tail] = [stack.slice(0, Math.floor(room / 2)), logicalId.slice(0, Math.floor(room / 2))];
  return `${head}-${tail}-${suffix}`;
}

/** Tags of CloudFormation on a resource of a stack. */
export function tagsOf(stack: string, logicalId: string): { Key: string; Value: string }[] {
  return [
    { Key: 'aws:cloudformation:stack-name', Value: stack },
    { Key: 'aws:cloudformation:logical-id', Value: logicalId },
  ];
}

export function nameTag(Value: string): { Key: string; Value: string }[] {
  return [{ Key: 'Name', Value }];
}
