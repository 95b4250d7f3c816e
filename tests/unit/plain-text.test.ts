import { expect, test } from '@jest/globals';
import { escapeHtml, oneLine } from '../../server/email/templates/plain-text.ts';

test('oneLine cuts long text between characters, never inside one', () => {
  expect(oneLine('👍'.repeat(300))).toBe(`${'👍'.repeat(199)}…`);
  expect(oneLine('  a \t\n b  ')).toBe('a b');
});

test('escapeHtml leaves no character that ends an attribute or opens an element', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});
