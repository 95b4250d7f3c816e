/** The text of an entry. A reference or a sum in it stays in one line where there is room, although it has a hyphen. */
export function WholeWords({ text }: { text: string }) {
  return text.split(/(\s+)/).map((part, index) => {
    const key = `${index} ${part}`;
    return /\d/.test(part) ? (
      <span key={key} className="whole">
        {part}
      </span>
    ) : (
      part
    );
  });
}
