import { describeMemberClocks } from "./member-clocks.ts";

describeMemberClocks("local");
