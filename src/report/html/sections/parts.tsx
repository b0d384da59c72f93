import type { ComponentChildren } from "preact";
import type { Outcome } from "../../../../assertions/verdict.ts";
import { outcomeWords } from "../../outcome-words.ts";
import { seconds } from "../../text.ts";

/** A part of the page with its heading, known to screen readers by it. */
export function Section({ id, title, lead, children }: { id: string; title: string; lead?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {lead === undefined ? null : <p class="lead">{lead}</p>}
      {children}
    </section>
  );
}

/** An outcome as glyph and word. */
export function Badge({ outcome, word = outcomeWords[outcome].word }: { outcome: Outcome; word?: string }) {
  return (
    <span class={`badge ${outcome}`}>
      <span aria-hidden="true">{outcomeWords[outcome].glyph}</span> {word}
    </span>
  );
}

/** A page's title: the outcome as glyph and word, and the sentence that says it. */
export function Headline({ outcome, sentence }: { outcome: Outcome; sentence: string }) {
  const { glyph, word } = outcomeWords[outcome];
  return (
    <h1>
      <span class="glyph" aria-hidden="true">
        {glyph}
      </span>
      <span>
        <span class="word">{word}:</span> {sentence}
      </span>
    </h1>
  );
}

/** Leads from a page about some runs back to that of all runs. @param href relative, so that the folder can be moved */
export function BackToAllRuns({ href }: { href: string }) {
  return (
    <nav class="back" aria-label="All runs">
      <a href={href}>All runs</a>
    </nav>
  );
}

/** Heads of columns of numbers. */
export function NumberHeads({ heads }: { heads: readonly string[] }) {
  return (
    <>
      {heads.map((head) => (
        <th scope="col" class="number">
          {head}
        </th>
      ))}
    </>
  );
}

/**
 * A table that scrolls by itself on a narrow screen, reachable by keyboard.
 * @param form `compact`: no wider than what it holds; `cards`: on a phone a row is a card, and a cell has its `data-head` above it
 */
export function Table({ label, form, children }: { label: string; form?: "compact" | "cards"; children: ComponentChildren }) {
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      <table class={form}>{children}</table>
    </div>
  );
}

/** Names of members, each of which stays on one line. */
export function Names({ names }: { names: readonly string[] }) {
  return (
    <>
      {names.map((name, index) => (
        <>
          {index === 0 ? "" : ", "}
          <span class="nowrap">{name}</span>
        </>
      ))}
    </>
  );
}

/** A command to be copied, which is broken between its words. */
export function Command({ text }: { text: string }) {
  return (
    <code class="command">
      {text.split(" ").map((word, index) => (
        <>
          {index === 0 ? "" : " "}
          <span>{word}</span>
        </>
      ))}
    </code>
  );
}

/** A point on the run's clock. */
export function At({ atMs }: { atMs: number | undefined }) {
  return atMs === undefined ? <span class="none">—</span> : <span class="time">{seconds(atMs)}</span>;
}
