import { describeUpgrades } from "./upgrades.ts";

describeUpgrades("local");
