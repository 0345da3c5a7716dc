/** A time of an answer of the AWS CLI, as ISO 8601. Version 1 prints a number of seconds for some services. */
export function isoTime(value: string | number): string {
  return new Date(typeof value === 'number' ? value * 1000 : value).toISOString();
}
