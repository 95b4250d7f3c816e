/** The desk's CSV files: what they hold comes in as it went out, and what is none is refused in words. */
import { expect, test } from '@jest/globals';
import { decodeText, fromCsv, toCsv } from '../../client-sdk/desk/src/data/csv.ts';
import { readProductRows } from '../../client-sdk/desk/src/products/import/import-rows.ts';

test('a formula is kept from being computed, and comes in as it was', () => {
  const rows = [['=1+1', "'=1+1", "''@x", "'plain", '-5', '\tx', 'a,"b"\r\nc', '']];
  const text = toCsv([['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], ...rows]);
  expect(text.split('\r\n')[1]).toBe(`'=1+1,''=1+1,'''@x,'plain,'-5,'\tx,"a,""b""`);
  expect(fromCsv(text).slice(1)).toEqual(rows);
  expect(toCsv([[1, 'x']])).toBe('\uFEFF1,x\r\n');
});

test.each([
  ['semicolons', 'product;sku;price\nlamp;L;1,50\n', ['lamp', 'L', '1,50']],
  ['tabs', 'product\tsku\tprice\nlamp\tL\t1,500\n', ['lamp', 'L', '1,500']],
  ['commas, and semicolons in a text', 'product,sku,title\nlamp,L,a; b; c; d\n', ['lamp', 'L', 'a; b; c; d']],
])('a file with %s is read', (_, text, cells) => {
  expect(fromCsv(text)[1]).toEqual(cells);
});

test('quotes that do not fit together are named by their line', () => {
  expect(() => fromCsv('product,sku\nlamp,"L\nrug,R\n')).toThrow(/quotes do not fit together/);
});

test('UTF-8 and marked UTF-16 are read, other encodings refused', () => {
  expect(decodeText(new TextEncoder().encode('\uFEFFỌ̀ṣun'))).toContain('Ọ̀ṣun');
  const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('Ọṣun', 'utf16le')]);
  expect(decodeText(utf16)).toBe('Ọṣun');
  const refusal = /not in UTF-8/;
  expect(() => decodeText(new Uint8Array(Buffer.from('café', 'latin1')))).toThrow(refusal);
  expect(() => decodeText(new Uint8Array(Buffer.from('product,sku', 'utf16le')))).toThrow(refusal);
});

test('a file of products is sent in parts of whole products, each text once', () => {
  const line = (product: number, row: number) =>
    `p-${product},Title,Things,${'word '.repeat(900)},S-${product}-${row},M,1,NGN,2`;
  const lines = Array.from({ length: 30 }, (_, product) => [0, 1, 2].map((row) => line(product, row))).flat();
  const { parts, rows, faults } = readProductRows(
    `product,title,category,description,sku,variant,price,currency,stock\n${lines.join('\n')}`,
  );
  expect([rows, faults.size, parts.flat().length]).toEqual([90, 0, 90]);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(80_000);
  for (const part of parts) expect(part.length % 3).toBe(0);
  expect(parts[0]?.slice(0, 3).map(({ description }) => description === '')).toEqual([false, true, true]);
});

test('a SKU of two products, a missing column and a file without rows are told in words', () => {
  const { parts, faults } = readProductRows('product,sku\na,S\nb,T\nb,S\nc,U');
  expect(parts.flat().map(({ product }) => product)).toEqual(['a', 'c']);
  expect(faults.get('b')).toEqual({
    rows: [2, 3],
    faults: [{ row: 3, message: 'sku: S stands in row 1 as well, of a' }],
  });
  expect(() => readProductRows('sku,price\nS,1')).toThrow(/product is missing/);
  expect(() => readProductRows('product,sku\n')).toThrow(/no product in this file/);
  const long = `product,sku\n${Array.from({ length: 100_001 }, (_, row) => `p,S-${row}`).join('\n')}`;
  expect(() => readProductRows(long)).toThrow(/100,001 rows; at most 100,000/);
  const { faults: wide } = readProductRows(
    `product,sku\n${Array.from({ length: 201 }, (_, row) => `p,S-${row}`).join('\n')}`,
  );
  expect(wide.get('p')?.faults[0]?.message).toBe('a product has at most 200 rows, this one 201');
});
