import { describeFailpoints } from "./failpoints.ts";

describeFailpoints("local");
