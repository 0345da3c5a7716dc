import { availableParallelism, totalmem } from 'node:os';

const GIB = 2 ** 30;

/** A wait that ends only if something hangs: nothing takes this long, however busy the machine is. Milliseconds. */
export const HANG_MS = 10 * 60_000;

const MEMORY_GIB = Math.min(totalmem(), process.constrainedMemory() || Infinity) / GIB;
const CORES = availableParallelism();

/** Suites that may run at a time: one a core, and one for each GiB of memory. */
export const WORKERS = Math.max(1, Math.min(CORES, Math.floor(MEMORY_GIB)));

/** Suites with Terraform that may run at a time: each has providers of up to 2 GiB, and keeps a core busy. */
export const TERRAFORM_SUITES = Math.max(1, Math.min(CORES, Math.floor(MEMORY_GIB / 3)));
