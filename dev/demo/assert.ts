/** A story's expectations: one that fails ends the demo with its reason. */

export class StoryError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'StoryError';
  }
}

/** Throws StoryError with `reason` unless the condition holds. */
export function assert(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new StoryError(reason);
}
