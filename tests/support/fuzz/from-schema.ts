/**
 * Generates request bodies that are almost valid: values from a procedure's JSON schema, then damaged as attackers and
 * broken clients damage them. A body may be invalid JSON.
 */
import * as fc from 'fast-check';
import { z } from 'zod';

/** The part of JSON schema that zod emits. */
const jsonSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  pattern: z.string().optional(),
  allOf: z.array(z.looseObject({ pattern: z.string().optional() })).optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

/** Values that fit the schema, or nearly. `ids` are real ids from the shop, for fields that expect an id. */
export function fitting(schema: unknown, ids: readonly string[]): fc.Arbitrary<unknown> {
  const known = jsonSchema.parse(schema);
  if (known.const !== undefined) return fc.constant(known.const);
  if (known.enum) return fc.constantFrom(...known.enum);
  if (known.anyOf) return fc.oneof(...known.anyOf.map((option) => fitting(option, ids)));
  switch (known.type) {
    case 'object':
      return objects(known, ids);
    case 'array':
      return fc.array(known.items === undefined ? fc.anything() : fitting(known.items, ids), { maxLength: 5 });
    case 'string':
      return strings(known, ids);
    case 'integer':
    case 'number':
      return fc.integer({
        min: known.minimum ?? -1_000,
        max: Math.min(known.maximum ?? 1_000, Number.MAX_SAFE_INTEGER),
      });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.anything();
  }
}

type Known = z.infer<typeof jsonSchema>;

function objects({ properties = {}, required = [] }: Known, ids: readonly string[]): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, fitting(field, ids)]));
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

const EMAILS = ['a@example.com', 'somebody@example.com', 'x+y@sub.example.org'];

function strings(
  { pattern, allOf, minLength = 0, maxLength = 40 }: Known,
  ids: readonly string[],
): fc.Arbitrary<unknown> {
  const of = pattern ?? allOf?.find((part) => part.pattern !== undefined)?.pattern;
  if (of?.includes('{24}') && ids.length > 0)
    return fc.oneof(fc.constantFrom(...ids), fc.stringMatching(/^[0-9a-f]{24}$/));
  if (of?.includes('@')) return fc.constantFrom(...EMAILS);
  if (of !== undefined) return matching(of);
  return fc.string({ minLength, maxLength: Math.min(maxLength, 200), unit: 'binary' });
}

/** fast-check does not support all of regular expressions. */
function matching(pattern: string): fc.Arbitrary<unknown> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
  }
}

const NASTY: unknown[] = [
  ...[
    null,
    true,
    '',
    ' ',
    0,
    -1,
    1.5,
    1e21,
    2 ** 53,
    '1',
    [],
    {},
    [[]],
    { $ne: null },
    { $gt: '' },
    { $where: 'sleep(1000)' },
  ],
  ...[
    'a\u0000b',
    '\uD800',
    '\u202Eevil',
    '\r\nX-Injected: 1',
    '../../etc/passwd',
    '{{7*7}}',
    "' OR 1=1 --",
    '<script>alert(1)</script>',
  ],
  ...[
    'x'.repeat(5_000),
    '9'.repeat(400),
    'ord-AAAAAAAAAAAA-1',
    { toString: 1, length: -1 },
    { constructor: { prototype: {} } },
  ],
];

const spoiling = fc.oneof(
  { weight: 4, arbitrary: fc.constant('keep' as const) },
  { weight: 4, arbitrary: fc.constant('replace' as const) },
  { weight: 1, arbitrary: fc.constantFrom('remove' as const, 'add' as const, 'wrap' as const, 'whole' as const) },
  { weight: 1, arbitrary: fc.constantFrom('cut' as const, 'flip' as const, 'proto' as const, 'deep' as const) },
);

/** Request bodies as text: valid, with one damaged value, or broken as text. */
export function bodies(schema: unknown, ids: readonly string[]): fc.Arbitrary<string> {
  const parts = fc.tuple(fitting(schema, ids), spoiling, fc.constantFrom(...NASTY), fc.nat());
  return parts.map(([value, how, nasty, dice]) => spoil(value, how, nasty, dice));
}

type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never;

function spoil(value: unknown, how: Spoiling, nasty: unknown, dice: number): string {
  const text = toText(value);
  const fields = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const field = fields[dice % Math.max(1, fields.length)] ?? 'id';
  switch (how) {
    case 'keep':
      return text;
    case 'replace':
      return toText({ ...Object(value), [field]: nasty });
    case 'remove':
      return toText(Object.fromEntries(Object.entries(Object(value)).filter(([name]) => name !== field)));
    case 'add':
      return toText({
        ...Object(value),
        [['$where', 'role', 'userId', 'price', 'constructor'][dice % 5] ?? 'x']: nasty,
      });
    case 'wrap':
      return toText([value]);
    case 'whole':
      return toText(nasty);
    case 'cut':
      return text.slice(0, dice % Math.max(1, text.length));
    case 'flip':
      return text.slice(0, dice % text.length) + String.fromCharCode(dice % 256) + text.slice((dice % text.length) + 1);
    case 'proto':
      return text.replace('{', '{"__proto__":{"role":"staff","isAdmin":true},');
    case 'deep':
      return `{"${field}":${'['.repeat(2_000)}${']'.repeat(2_000)}}`;
  }
}

function toText(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
