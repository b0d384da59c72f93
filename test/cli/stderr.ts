/** What a function writes to standard error, which is kept from the terminal meanwhile. */
export function writtenToStderr(act: () => void): string {
  const { stderr } = process;
  const original = stderr.write.bind(stderr);
  let text = "";
  stderr.write = (chunk: string | Uint8Array): boolean => {
    text += chunk.toString();
    return true;
  };
  try {
    act();
  } finally {
    stderr.write = original;
  }
  return text;
}
