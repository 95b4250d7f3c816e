/**
 * A reason why the shop cannot start, told to the person at the keyboard in one plain sentence that says what to do.
 * Whoever runs a command (start, demo, the tests' set-up) prints the message alone, without a stack, and exits 1.
 */
export class StartError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'StartError';
  }
}
