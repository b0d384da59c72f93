import type { ErrorCode, YAMLError } from "yaml";

export interface Words {
  readonly message: string;
  readonly hint?: string;
}

/** What a YAML parser's complaint means for somebody who writes a scenario. */
export function wordsOf(error: YAMLError): Words {
  return byCode[error.code]?.(error.message) ?? { message: `this is not valid YAML: ${lowerFirst(error.message)}` };
}

const byCode: Partial<Record<ErrorCode, (message: string) => Words>> = {
  TAB_AS_INDENT: () => ({ message: "this line is indented with a tab", hint: "YAML allows only spaces there." }),
  MULTIPLE_DOCS: () => ({ message: "a second document begins here", hint: "A file holds one scenario: remove this line, or move what follows into a file of its own." }),
  BLOCK_AS_IMPLICIT_KEY: () => ({ message: "a second colon on one line", hint: 'Put text that holds ": " in quotes, and each key on a line of its own.' }),
  BAD_SCALAR_START: (message) => ({ message: `a value cannot begin with ${message.at(-1) ?? "this character"}`, hint: "Put the value in quotes." }),
  BAD_INDENT: (message) => ({ message: `the indentation is wrong: ${lowerFirst(message)}`, hint: "Keys of one map, and the dashes of one list, begin at the same column." }),
  MISSING_CHAR: (message) => missing(message),
  MULTILINE_IMPLICIT_KEY: () => missingColon,
  BAD_DQ_ESCAPE: (message) => ({ message: lowerFirst(message), hint: "In double quotes a backslash is written \\\\; in single quotes it stands for itself." }),
  TAG_RESOLVE_FAILED: (message) => ({ message: `${message.replace("Unresolved tag:", "the tag")} means nothing in a scenario`, hint: "Put text that begins with ! in quotes." }),
  BAD_DIRECTIVE: () => ({ message: "this YAML directive is not supported", hint: "Remove the line." }),
};

const missingColon: Words = { message: "a colon with a space after it is missing", hint: "Write `key: value`, and `- item` in lists." };

function missing(message: string): Words {
  const quote = /closing (["'])/.exec(message)?.[1];
  if (quote !== undefined) return { message: `a text in quotes does not end: the closing ${quote} is missing` };
  if (message.includes("map keys")) return missingColon;
  return { message: `this is not valid YAML: ${lowerFirst(message)}` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
