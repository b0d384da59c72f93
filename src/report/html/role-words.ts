import type { RoleStretch } from "../../analysis/leadership.ts";

export type Role = RoleStretch["role"];

/** What a member was at a time, as glyph and word; the drawing adds a pattern. */
export const roleWords = {
  leader: { glyph: "★", word: "leader" },
  follower: { glyph: "•", word: "follower" },
  "no-leader": { glyph: "?", word: "knows no leader" },
  "stale-leader": { glyph: "☆", word: "stale leader" },
  unseen: { glyph: "×", word: "not seen" },
} as const satisfies Record<Role, { glyph: string; word: string }>;
