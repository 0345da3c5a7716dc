/** A refusal with a code of its own; those without are a ValidationError. */
export class EngineError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
