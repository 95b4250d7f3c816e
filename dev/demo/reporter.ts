/** Width of the column of milliseconds. */
const TIME_WIDTH = 9;

/** Prints a scenario on the terminal, each step with its duration. */
export class Reporter {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  title(text: string): void {
    this.#print(`\n${text}\n`);
  }

  /** Runs one step and prints its duration and, from its result, the outcome. */
  async step<T>(what: string, work: () => Promise<T>, outcome: (result: T) => string = () => ''): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    const text = outcome(result);
    this.timed(performance.now() - startedAt, text === '' ? what : `${what}: ${text}`);
    return result;
  }

  /** Prints a step that the scenario has timed itself. */
  timed(durationMs: number, what: string): void {
    this.#print(`${`${durationMs.toFixed(0)} ms`.padStart(TIME_WIDTH)}  ${what}`);
  }

  note(text: string): void {
    for (const line of text.split('\n')) this.#print(`${' '.repeat(TIME_WIDTH)}  ${line}`);
  }

  /** Prints a block of text unchanged, such as an email or a table. */
  quote(text: string): void {
    this.#print('');
    for (const line of text.trimEnd().split('\n')) this.#print(`${' '.repeat(TIME_WIDTH)}  | ${line}`);
    this.#print('');
  }
}
