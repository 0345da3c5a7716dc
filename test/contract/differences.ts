import type { Value } from './expression';

/**
 * Where two values differ, one line for each place: `resource.aws_ecs_service.mcp.launch_type: "EC2", not "FARGATE"`.
 * A number and a string of digits differ, and so do an absent property and one that is null.
 */
export function differences(actual: Value | undefined, expected: Value | undefined, path = ''): string[] {
  if (isContainer(actual) && isContainer(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    const keys = [...new Set([...Object.keys(actual), ...Object.keys(expected)])];
    return keys.flatMap((key) => differences(actual[key], expected[key], path ? `${path}.${key}` : key));
  }
  return shown(actual) === shown(expected) ? [] : [`${path}: ${shown(actual)}, not ${shown(expected)}`];
}

function isContainer(value: Value | undefined): value is Record<string, Value> {
  return typeof value === 'object' && value !== null;
}

function shown(value: Value | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
