/** An answer that an account gives, with its evidence. */
export interface ProposedAnswer {
  /** Path from the environment, or from the answers if it begins with `/`. */
  readonly path: string;
  /** Absent if there are several candidates, or none. */
  readonly value?: unknown;
  /** Values to choose from, if the account does not decide. */
  readonly candidates?: readonly { readonly value: unknown; readonly why: string }[];
  /** Resource and call that show it; or why it is not known. */
  readonly evidence: string;
}

/** The name of a proposed answer, as its owner writes it. */
export function answerName({ path }: Pick<ProposedAnswer, 'path'>): string {
  return path.replace(/^\//, '');
}
