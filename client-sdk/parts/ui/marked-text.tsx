import { Fragment } from 'react';
import { parseMarked, type Span } from '../data/marked-text.ts';

/** A text with the marks of parseMarked. Its headings are of the second level. */
export function MarkedText({ text }: { text: string }) {
  return (
    <div className="marked-text">
      {parseMarked(text).map((block, place) => {
        const key = `${place} ${block.kind}`;
        if (block.kind === 'list')
          return (
            <ul key={key}>
              {block.items.map((item, index) => (
                <li key={keyOf(index, item)}>
                  <Spans spans={item} />
                </li>
              ))}
            </ul>
          );
        const lines = block.lines.map((line, index) => (
          <Fragment key={keyOf(index, line)}>
            {index === 0 ? null : <br />}
            <Spans spans={line} />
          </Fragment>
        ));
        return block.kind === 'heading' ? <h2 key={key}>{lines}</h2> : <p key={key}>{lines}</p>;
      })}
    </div>
  );
}

const keyOf = (index: number, spans: Span[]) => `${index} ${spans[0]?.text ?? ''}`;

function Spans({ spans }: { spans: Span[] }) {
  return spans.map(({ text, strong, href }, index) => {
    const key = `${index} ${text}`;
    if (href !== undefined)
      return (
        <a key={key} href={href} rel="noreferrer">
          {text}
        </a>
      );
    return strong ? <strong key={key}>{text}</strong> : <Fragment key={key}>{text}</Fragment>;
  });
}
