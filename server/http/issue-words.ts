/** Sentences for the faults of an input that its schema has no words for, to follow the field's name. */
import type { z } from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  array: ['entry', 'entries'],
  string: ['character', 'characters'],
};

/** "must have at least 1 entry", "must be at least 1". */
function bound(which: 'least' | 'most', origin: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be at ${which} ${limit}`;
  return `must have at ${which} ${limit} ${Number(limit) === 1 ? unit[0] : unit[1]}`;
}

export function sayIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined || issue.input === null) return 'must be given';
      return `must be ${TYPES[issue.expected] ?? 'of another kind'}`;
    case 'too_small':
      return bound('least', issue.origin, issue.minimum);
    case 'too_big':
      return bound('most', issue.origin, issue.maximum);
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${issue.values.join('')}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return 'has fields that are unknown';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return 'must be written in another way';
    default:
      return 'cannot be used as it is';
  }
}
