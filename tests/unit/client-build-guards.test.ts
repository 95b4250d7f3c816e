import { describe, expect, test } from '@jest/globals';
import { checkCode, checkTypes } from '../../client-sdk/build/guards.ts';

const CODE = 'import{createTRPCClient as a}from"@trpc/client";import{observable as b}from"@trpc/server/observable";';
const TYPES =
  "import { TRPCClient } from '@trpc/client';\n/** any number of them */\nexport type A = TRPCClient<never>;";

describe("the client's code", () => {
  test('may import @trpc/client and @trpc/server/observable', () => {
    expect(() => checkCode(CODE)).not.toThrow();
  });

  test.each([
    ['a package', 'import z from "zod";'],
    ['a package, for its effects', 'import"zod";'],
    ['a package, later', 'const z=import("zod");'],
    ['a file of the repository', 'import{a}from"../../server/trpc/router.ts";'],
    ['the whole of tRPC on the server', 'import{initTRPC}from"@trpc/server";'],
    ['a source map', '//# sourceMappingURL=index.js.map'],
    ['a path of a machine', 'const a="/home/somebody/shop";'],
    ['too much', `const a="${'x'.repeat(16_000)}"`],
  ])('must not contain %s', (_, addition) => {
    expect(() => checkCode(CODE + addition)).toThrow();
  });
});

describe("the client's types", () => {
  test('may import tRPC', () => {
    expect(() => checkTypes(TYPES)).not.toThrow();
  });

  test.each([
    ['a package', "import { Types } from 'mongoose';"],
    ['a package inline', "type B = import('mongoose').Types.ObjectId;"],
    ['Node', '/// <reference types="node" />'],
    ['a type left open', 'export type B = { payload: any };'],
  ])('must not contain %s', (_, addition) => {
    expect(() => checkTypes(`${TYPES}\n${addition}`)).toThrow();
  });
});
