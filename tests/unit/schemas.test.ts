/**
 * The schemas of all procedures as data: strict objects at every depth, so inputs and replies have only listed fields
 * (OWASP API3:2023).
 */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { allProcedures } from '../../dev/docs/procedures.ts';

type AnySchema = z.core.$ZodType;

/** Zod's union of all its schemas, discriminated by `type`. */
function definitionOf(schema: AnySchema) {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** All nested schemas with their paths. */
function childrenOf(schema: AnySchema): [string, AnySchema][] {
  const def = definitionOf(schema);
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape);
    case 'array':
      return [['[]', def.element]];
    case 'union':
      return def.options.map((option, index) => [`|${index}`, option]);
    case 'pipe':
      return [
        ['>in', def.in],
        ['>out', def.out],
      ];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
      return [['?', def.innerType]];
    case 'record':
      return [['{}', def.valueType]];
    default:
      return [];
  }
}

function* walk(schema: AnySchema, path: string): Generator<{ path: string; schema: AnySchema }> {
  yield { path, schema };
  const streamed = schema instanceof z.ZodType ? schema.meta()?.streamOf : undefined;
  if (streamed instanceof z.ZodType) yield* walk(streamed, `${path}~`);
  for (const [name, child] of childrenOf(schema)) yield* walk(child, `${path}.${name}`);
}

/** Schemas without a limit: objects that keep or drop unknown fields, and schemas that accept anything. */
function isOpen(schema: AnySchema): boolean {
  const def = definitionOf(schema);
  if (def.type === 'object') return def.catchall?._zod.def.type !== 'never';
  return ['any', 'unknown', 'record', 'map', 'intersection', 'lazy'].includes(def.type);
}

/**
 * Text and lists without a maximum length. A reply may hold stored data, but an input must be bounded before it is
 * parsed.
 */
function isUnbounded(schema: AnySchema): boolean {
  const def = definitionOf(schema);
  if (def.type === 'array') return !hasCheck(schema, 'max_length');
  if (def.type !== 'string') return false;
  // z.iso.datetime() is a format by itself, `.regex()` one by a check.
  return !('format' in def) && !hasCheck(schema, 'max_length') && !hasCheck(schema, 'string_format');
}

function hasCheck(schema: AnySchema, name: string): boolean {
  return schema._zod.def.checks?.some((check) => check._zod.def.check === name) ?? false;
}

describe.each(allProcedures())('$path', ({ inputs, output, type }) => {
  test('takes strict objects only, of bounded fields', () => {
    const places = inputs.flatMap((input) => [...walk(input, 'input')]);
    expect(places.filter(({ schema }) => isOpen(schema)).map(({ path }) => path)).toEqual([]);
    expect(places.filter(({ schema }) => isUnbounded(schema)).map(({ path }) => path)).toEqual([]);
    for (const input of inputs) expect(definitionOf(input).type).toBe('object');
  });

  test('answers by an output schema that lists every field', () => {
    expect(output).toBeInstanceOf(z.ZodType);
    if (!output) return;
    const places = [...walk(output, 'output')];
    expect(places.filter(({ schema }) => isOpen(schema)).map(({ path }) => path)).toEqual([]);
    if (type === 'subscription') expect(places.some(({ path }) => path.startsWith('output~'))).toBe(true);
  });
});

test('no output of a customer names a field that only staff may see', () => {
  const staffOnly = /password|hash|token$|gatewayResponse|internal|claimedUntil|lastError|settlement/i;
  const beginsSession =
    /^auth\.(login|register|resetPassword|acceptInvitation)$|^account\.(changePassword|endOtherSessions)$/;
  const fields = allProcedures()
    .filter(({ path }) => !path.startsWith('admin.') && !beginsSession.test(path))
    .flatMap(({ path: name, output }) => (output ? [...walk(output, '')].map(({ path }) => ({ name, path })) : []));
  expect(fields.filter(({ path }) => staffOnly.test(path))).toEqual([]);
});
