/** Why the program could not start, as the operator's terminal should say it: one sentence where we know what to do. */
import { inspect } from 'node:util';
import { UnsuitableServerError } from '../models/mongo-topology.ts';
import { NotMigratedError } from '../models/schema-version.ts';
import { ConfigError } from './config.ts';

/** These errors' messages are written for operators; of any other the whole stack is told. */
const TOLD_IN_WORDS = [ConfigError, UnsuitableServerError, NotMigratedError];

export function describeStartFailure(error: unknown): string {
  const known = TOLD_IN_WORDS.some((kind) => error instanceof kind);
  return known && error instanceof Error ? error.message : inspect(error);
}
