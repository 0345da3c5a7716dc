/** What failed outside of this program, in words that say enough. */
export class Failed extends Error {}
