const name = /[A-Za-z_][\w.-]*/y;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads XML 1.0 without DTD, comments, CDATA or namespaces: as much as a JUnit file needs, strictly.
 * Throws where a conforming reader has to: illegal characters, unknown entities, unbalanced
 * tags, attributes given twice or not quoted.
 */
export function parseXml(source: string): XmlElement {
  const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(source);
  if (illegal !== null) throw new Error(`illegal character U+${source.codePointAt(illegal.index)?.toString(16)} at ${illegal.index}`);
  const prolog = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(source);
  let at = prolog?.[0].length ?? 0;
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  while (at < source.length) {
    const next = source.indexOf("<", at);
    const text = source.slice(at, next === -1 ? source.length : next);
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += unescaped(text);
    else if (text.trim() !== "") throw new Error(`text outside the root: ${text}`);
    if (next === -1) break;
    at = next + 1;
    if (source[at] === "/") {
      const closing = read(name, at + 1);
      const element = open.pop();
      if (element?.name !== closing) throw new Error(`</${closing}> closes <${element?.name}>`);
      at = expect(">", at + 1 + closing.length);
      continue;
    }
    const element: XmlElement = { name: read(name, at), attributes: {}, children: [], text: "" };
    at = attributes(element, at + element.name.length);
    if (inside !== undefined) inside.children.push(element);
    else if (root === undefined) root = element;
    else throw new Error("two roots");
    if (source[at] === "/") at = expect(">", at + 1);
    else {
      open.push(element);
      at = expect(">", at);
    }
  }
  if (root === undefined || open.length > 0) throw new Error(`not closed: ${open.map((element) => element.name).join(", ") || "no root"}`);
  return root;

  function attributes(element: XmlElement, from: number): number {
    const found: Record<string, string> = {};
    let place = from;
    for (;;) {
      const space = /\s*/y;
      const gap = read(space, place);
      place += gap.length;
      if (source[place] === ">" || source[place] === "/") break;
      if (gap === "") throw new Error(`no space before an attribute at ${place}`);
      const key = read(name, place);
      const value = read(/"[^"<]*"/y, expect("=", place + key.length));
      if (key in found) throw new Error(`${key} given twice`);
      found[key] = unescaped(value.slice(1, -1));
      place += key.length + 1 + value.length;
    }
    Object.assign(element.attributes, found);
    return place;
  }

  function read(pattern: RegExp, from: number): string {
    pattern.lastIndex = from;
    const match = pattern.exec(source);
    if (match === null) throw new Error(`expected ${pattern} at ${from}: ${source.slice(from, from + 40)}`);
    return match[0];
  }

  function expect(character: string, from: number): number {
    if (source[from] !== character) throw new Error(`expected ${character} at ${from}: ${source.slice(from, from + 40)}`);
    return from + 1;
  }
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#10": "\n", "#9": "\t" };

function unescaped(text: string): string {
  if (text.includes("]]>")) throw new Error("]]> in text");
  return text.replace(/&([^;&]*);?/g, (reference, entity: string) => {
    const value = entities[entity];
    if (value === undefined || !reference.endsWith(";")) throw new Error(`unknown entity ${reference}`);
    return value;
  });
}
