import { randomUUID } from 'node:crypto';
import type { Made } from './handler';
import type { EmulatedStack } from './stack';

/** Records an event of a stack, or of one of its resources. */
export function recordEvent(
  stack: EmulatedStack,
  status: string,
  reason?: string,
  resource?: { readonly logicalId: string; readonly type: string; readonly made?: Made },
): void {
  stack.events.push({
    id: randomUUID(),
    timestamp: new Date(),
    logicalId: resource?.logicalId ?? stack.name,
    physicalId: resource ? (resource.made?.physicalId ?? '') : stack.id,
    type: resource?.type ?? 'AWS::CloudFormation::Stack',
    status,
    reason,
  });
  if (resource) return;
  stack.status = status;
  stack.reason = reason;
}

export function failedOnes(names: readonly string[], to: 'delete' | 'update'): string | undefined {
  return names.length > 0 ? `The following resource(s) failed to ${to}: [${names.join(', ')}]. ` : undefined;
}

export function messageOf(error: unknown): string {
  return (error as Error).message;
}
