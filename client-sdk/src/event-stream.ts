/**
 * Parses server-sent events from a response body, by the rules of the HTML standard. The browser's EventSource cannot
 * send the token in a header, and a URL with a token would end up in logs.
 */

export interface StreamEvent {
  /** `message` if the stream names none. */
  event: string;
  data: string;
}

/** An order has a few kilobytes. A longer line means that the body is no event stream. */
const MAX_LINE_LENGTH = 1_000_000;

/** Every event with data, in order, until the body ends. Leaving the loop cancels the body. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let event = 'message';
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n') };
      event = 'message';
      data = [];
    } else if (!line.startsWith(':')) {
      const { field, value } = parseField(line);
      if (field === 'event') event = value;
      if (field === 'data') data.push(value);
    }
  }
}

function parseField(line: string): { field: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { field: line, value: '' };
  return { field: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a CRLF, so it stays in `rest`.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE_LENGTH) throw new Error('This is no event stream: a line does not end.');
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
