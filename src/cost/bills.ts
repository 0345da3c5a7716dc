import type { Resource } from '../resources/resource';
import type { ResourceType } from '../resources/types';
import type { Prices } from './prices';

/** US dollars a month, from the least to the most of what is assumed. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** A line of a bill. */
export interface BillLine extends Range {
  readonly title: string;
}

/** Lines that AWS bills for a resource. `beside` has the resources of its environment. */
type Bill = (resource: Resource, prices: Prices, beside: readonly Resource[]) => readonly BillLine[];

/** Hours of a month, as AWS's pricing pages count them. */
export const HOURS = 730;
const DAYS = 30;

/** GB that a server writes to its log in a month. */
export const LOGS_WRITTEN: Range = { least: 1, most: 10 };
/** GB of images in a repository: one image, or a year of them. Layers that images share count once. */
export const IMAGES_KEPT: Range = { least: 0.4, most: 5 };

/**
 * Bills by type of resource. AWS bills nothing for the others: a task definition's tasks are billed with the service, an alias record and a
 * public certificate are free, and the load balancer, which is there already, bills its traffic, not its rules and target groups.
 */
export const BILLS: Readonly<Partial<Record<ResourceType, Bill>>> = {
  service: ({ properties }, { vcpuHour, memoryHour }, beside) => {
    const tasks = Number(properties.desiredCount);
    const task = beside.find(({ type }) => type === 'taskDefinition')!.properties;
    const [vcpu, memory] = [Number(task.cpu) / 1024, Number(task.memory) / 1024];
    const title = `${tasks} task${tasks === 1 ? '' : 's'} with ${vcpu} vCPU and ${memory} GB, all month`;
    return [line(title, { least: tasks, most: tasks }, HOURS * (vcpu * vcpuHour + memory * memoryHour))];
  },
  logGroup: ({ properties }, { logsWritten, logsKept }) => {
    const days = Number(properties.retention);
    return [
      line(`logs: ${words(LOGS_WRITTEN)} written`, LOGS_WRITTEN, logsWritten),
      line(`logs: kept for ${days} day${days === 1 ? '' : 's'}`, LOGS_WRITTEN, (logsKept * days) / DAYS),
    ];
  },
  repository: (_, { imagesKept }) => [line(`images: ${words(IMAGES_KEPT)} kept`, IMAGES_KEPT, imagesKept)],
};

function line(title: string, { least, most }: Range, price: number): BillLine {
  return { title, least: least * price, most: most * price };
}

function words({ least, most }: Range): string {
  return `${least} to ${most} GB`;
}
