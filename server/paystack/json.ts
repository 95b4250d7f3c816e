/**
 * Parses JSON without losing digits: Paystack's ids are unsigned 64-bit integers, and JSON.parse rounds integers above
 * 2^53. Larger integers become strings.
 */
/** A string (skipped whole, so that digits inside it stay) or a number. Only safe on text that is valid JSON. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Fewer digits cannot exceed 2^53 - 1, which has 16. */
const MAYBE_UNSAFE = /\d{16}/;

/**
 * Parses JSON text; integers beyond ±(2^53 - 1) written in plain digits come back as strings of those digits.
 * Numbers such as 1e21 stay numbers, and the schemas of amounts reject them. Throws SyntaxError.
 */
export function parseJsonKeepingDigits(text: string): unknown {
  const plain: unknown = JSON.parse(text);
  if (!MAYBE_UNSAFE.test(text)) return plain;
  return JSON.parse(
    text.replace(STRING_OR_NUMBER, (token) =>
      /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
    ),
  );
}
