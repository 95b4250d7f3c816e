/** Business events: one helper each, which writes one log line and moves one counter. */
import type { Logger } from 'pino';

export interface Events {
  log: Logger;
}
