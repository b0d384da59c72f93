#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { checkNode, ensurePackages } from "./packages.mjs";

checkNode();
ensurePackages();
const { register } = await import("tsx/esm/api");
// Otherwise it is looked for from the current folder on, and without it no page can be drawn.
register({ tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)) });
await import("../src/cli/main.ts");
