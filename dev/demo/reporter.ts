/** Tells a story on the terminal: each step with the time it took, notes between them, and what came of it all. */

/** Milliseconds stand in a column of this width. */
const TIME_WIDTH = 9;

export class Reporter {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  title(text: string): void {
    this.#print(`\n${text}\n`);
  }

  /** Does one step of the story and prints how long it took. `outcome` says what came of it. */
  async step<T>(what: string, work: () => Promise<T>, outcome: (result: T) => string = () => ''): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    const told = outcome(result);
    this.timed(performance.now() - startedAt, told === '' ? what : `${what}: ${told}`);
    return result;
  }

  /** A step that was timed by the story itself. */
  timed(durationMs: number, what: string): void {
    this.#print(`${`${durationMs.toFixed(0)} ms`.padStart(TIME_WIDTH)}  ${what}`);
  }

  note(text: string): void {
    for (const line of text.split('\n')) this.#print(`${' '.repeat(TIME_WIDTH)}  ${line}`);
  }

  /** A block of text that is shown as it is: an email, a table. */
  quote(text: string): void {
    this.#print('');
    for (const line of text.trimEnd().split('\n')) this.#print(`${' '.repeat(TIME_WIDTH)}  | ${line}`);
    this.#print('');
  }
}
