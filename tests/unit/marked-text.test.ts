/** The marks of policies: few, and never a way to put markup or a dangerous address into a page. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMarked } from '../../client-sdk/parts/data/marked-text.ts';

test('headings, paragraphs with their line breaks, lists, strong words and links', () => {
  expect(
    parseMarked('## Returns\nWithin **14** days.\nFree.\n\n- one\n- [two](https://a.example/x)\n\n- apart'),
  ).toEqual([
    { kind: 'heading', lines: [[{ text: 'Returns' }]] },
    {
      kind: 'paragraph',
      lines: [[{ text: 'Within ' }, { text: '14', strong: true }, { text: ' days.' }], [{ text: 'Free.' }]],
    },
    { kind: 'list', items: [[{ text: 'one' }], [{ text: 'two', href: 'https://a.example/x' }]] },
    { kind: 'list', items: [[{ text: 'apart' }]] },
  ]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'vbscript:x', ' https://a.example'])(
  'a link to %s stays text',
  (address) => {
    const [block] = parseMarked(`[press](${address})`);
    expect(block).toEqual({ kind: 'paragraph', lines: [[{ text: `[press](${address})` }]] });
  },
);

test('no word is lost, and what is no mark stays as it was typed', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const line = typed.replace(/[\r\n*[\]#•-]/g, '');
      const text = parseMarked(line)
        .flatMap((block) => (block.kind === 'list' ? block.items : block.lines))
        .flat()
        .map((span) => span.text)
        .join('');
      expect(text).toBe(line.trim() === '' ? '' : line);
    }),
  );
});
