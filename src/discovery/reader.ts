import { CALLS, type CallName } from './calls';

/** Reason why a call has no answer. */
export type Reason = 'denied' | 'absent' | 'throttled' | 'timeout' | 'unreadable' | 'failed';

/** A call that has no answer. Another error of a call ends the reading, e.g. of expired credentials. */
export class CallFailure extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Asks AWS.
 *
 * @param input as the API has it
 * @returns all pages of the answer, as the AWS CLI prints them in JSON
 * @throws CallFailure if there is no answer
 */
export type Ask = (call: CallName, input: object) => Promise<unknown>;

/** A call without an answer: what it would have shown is not known. */
export interface Unseen {
  readonly call: CallName;
  readonly reason: Reason;
  /** Text of AWS, or of the program that asked. */
  readonly said: string;
}

/** Calls at a time: more of them are refused as too many. */
const AT_A_TIME = 4;

/** Asks for the parts of an account, and notes those that have no answer. */
export class Reader {
  readonly unseen: Unseen[] = [];
  private free = AT_A_TIME;
  private readonly waiting: (() => void)[] = [];
  private made = 0;

  constructor(private readonly ask: Ask) {}

  /** Number of calls so far. */
  get calls(): number {
    return this.made;
  }

  /** The answer; undefined if there is none, which is noted. */
  async read<T>(call: CallName, input: object = {}): Promise<T | undefined> {
    const answer = await this.tryTo<T>(call, input);
    if (!('unseen' in answer)) return answer.seen;
    this.unseen.push(answer.unseen);
    return undefined;
  }

  /** The answer; null if AWS says that there is no such resource; undefined if there is no answer, which is noted. */
  async find<T>(call: CallName, input: object): Promise<T | null | undefined> {
    const answer = await this.tryTo<T>(call, input);
    if (!('unseen' in answer)) return answer.seen;
    if (answer.unseen.reason === 'absent') return null;
    this.unseen.push(answer.unseen);
    return undefined;
  }

  private async tryTo<T>(call: CallName, input: object): Promise<{ readonly seen: T } | { readonly unseen: Unseen }> {
    await this.take();
    this.made += 1;
    try {
      return { seen: (await this.ask(call, input)) as T };
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      return { unseen: { call, reason: error.reason, said: error.message } };
    } finally {
      this.give();
    }
  }

  private take(): Promise<void> | undefined {
    if (this.free > 0) {
      this.free -= 1;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

/** The remedy for a call without an answer, as the end of a sentence. */
export function remedyOf({ call, reason, said }: Unseen): string {
  const { service, operation, actions } = CALLS[call];
  switch (reason) {
    case 'denied':
      return `needs ${actions.join(', ')}`;
    case 'throttled':
      return `aws ${service} ${operation} was throttled: try again`;
    case 'timeout':
      return `aws ${service} ${operation} got no answer in time: try again`;
    default:
      return `aws ${service} ${operation} failed: ${said.split('\n')[0]}`;
  }
}
