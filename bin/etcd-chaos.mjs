#!/usr/bin/env node
import { checkNode, ensurePackages } from "./packages.mjs";

checkNode();
ensurePackages();
const { register } = await import("tsx/esm/api");
register();
await import("../src/cli/main.ts");
