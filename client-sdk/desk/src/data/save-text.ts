export function saveText(text: string, fileName: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: address, download: fileName }).click();
  // After the browser has begun to read it.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
