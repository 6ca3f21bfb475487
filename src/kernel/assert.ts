/** Closes a union: the compiler refuses a `switch` that forgets a member. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable value: ${JSON.stringify(value)}`);
}

/** A bug if `condition` does not hold: throws with `meaning`, which says what was believed. */
export function assert(condition: unknown, meaning: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${meaning}`);
}
