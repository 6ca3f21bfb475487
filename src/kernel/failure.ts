/**
 * An expected failure that reaches a person. Three audiences: `code` is stable and for machines, `params` fill
 * the sentence of the message catalogue (key `failure.<code>`), `cause` is the technical cause for the log.
 * Bugs are plain errors; they never become a Failure.
 */
export class Failure extends Error {
  readonly code: string;
  readonly status: number;
  readonly params: Record<string, string | number>;

  constructor(
    code: string,
    options: { status?: number; params?: Record<string, string | number>; cause?: unknown } = {},
  ) {
    super(code, { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.status = options.status ?? 400;
    this.params = options.params ?? {};
  }
}
