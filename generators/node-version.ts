/** The oldest Node.js that this package and an emitted repository run on; tests run both on just this one. */
export const OLDEST_NODE = '20.12.0';
