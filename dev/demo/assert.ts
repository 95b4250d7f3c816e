/** A step had another result than the scenario expects; `message` is the end of a sentence, without its full stop. */
export class ScenarioError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ScenarioError';
  }
}

/** Throws ScenarioError with `reason` unless the condition holds. */
export function assert(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new ScenarioError(reason);
}
