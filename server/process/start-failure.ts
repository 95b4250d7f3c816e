import { inspect } from 'node:util';
import { NotMigratedError, OtherReleaseLineError } from '../../models/db/migrations/schema-version.ts';
import { UnsuitableServerError } from '../../models/db/topology.ts';
import { ConfigError } from '../config/config.ts';
import { CannotListenError } from './listen.ts';

/** These errors' messages are written for operators; any other error is printed with its stack. */
const FOR_OPERATORS = [ConfigError, UnsuitableServerError, NotMigratedError, OtherReleaseLineError, CannotListenError];

/** The driver's own messages may quote the address, password included. */
const UNREACHABLE = /ServerSelection|MongoParse|MongoNetwork|MongoAPI/;

export function describeStartFailure(error: unknown): string {
  if (error instanceof Error && UNREACHABLE.test(error.name))
    return 'The MongoDB replica set at MONGODB_URI could not be reached: check the address, and that it runs.';
  const known = FOR_OPERATORS.some((kind) => error instanceof kind);
  return known && error instanceof Error ? error.message : inspect(error);
}
