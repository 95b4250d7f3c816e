/** Constructs with which input could become code, markup or a broken digest. The product has none of them. */
import ts from 'typescript';
import { lineOf, type SourceFile } from './source-files.ts';

const PRODUCT = /^(models|jobs|server|client-sdk\/(src|parts|storefront|desk))\//;

function absent(name: string, isUnsafe: (node: ts.Node) => boolean) {
  return {
    name,
    violations(file: SourceFile): string[] {
      if (!PRODUCT.test(file.path)) return [];
      const found = file.nodes.filter(isUnsafe);
      return found.map((node) => `line ${lineOf(file, node)}: ${node.getText(file.tree).split('\n')[0]}`);
    },
  };
}

const isName = (node: ts.Node, ...names: readonly string[]) => ts.isIdentifier(node) && names.includes(node.text);
const isText = (node: ts.Node, pattern: RegExp) => ts.isStringLiteralLike(node) && pattern.test(node.text);

export const SAFETY_RULES = [
  absent('no process starts another', (node) => isText(node, /^(node:)?child_process$/)),
  absent('no text is run as code', (node) => {
    if (ts.isCallExpression(node)) return isName(node.expression, 'eval', 'Function');
    return ts.isNewExpression(node) && isName(node.expression, 'Function');
  }),
  absent('no page takes text as markup', (node) =>
    isName(node, 'dangerouslySetInnerHTML', 'innerHTML', 'outerHTML', 'insertAdjacentHTML'),
  ),
  absent('no digest is weaker than SHA-256', (node) => isText(node, /^(md[45]|(rsa-)?sha-?1)$/i)),
];
