export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Every start tag of a page as our renderer writes them: attribute values always in double quotes. Style and script contents are left out. */
export function tagsOf(page: string): Tag[] {
  return [...withoutCode(page).matchAll(/<([a-z][a-z0-9]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(([, name = "", rest = ""]) => ({
    name: name.toLowerCase(),
    attributes: Object.fromEntries([...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key = "", value = ""]) => [key.toLowerCase(), value])),
  }));
}

export function withoutCode(page: string): string {
  return page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "");
}

/** What a person without script and style sheet reads, as one line. */
export function readable(page: string): string {
  return withoutCode(page)
    .replace(/<title[^>]*>[\s\S]*?<\/title>/g, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

/** The text between a heading's section tags. */
export function section(page: string, id: string): string {
  return new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page)?.[0] ?? "";
}
