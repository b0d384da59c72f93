import { describeApi } from "./server/contract-api.ts";
import { describeStreams } from "./server/contract-streams.ts";
import { describeToxics } from "./server/contract-toxics.ts";
import { Api } from "./server/api.ts";

export interface StartedToxiproxy {
  readonly url: string;
  dispose(): Promise<void>;
}

/**
 * What every server that speaks the Toxiproxy HTTP API must do, as seen from
 * outside: over HTTP and through the proxied connections.
 */
export function describeToxiproxyContract(title: string, start: () => Promise<StartedToxiproxy>): void {
  describe(title, () => {
    let started: StartedToxiproxy | undefined;
    const api = new Api(() => started?.url ?? "");

    before(async () => {
      started = await start();
    });
    afterEach(() => api.deleteAllProxies());
    after(() => started?.dispose());

    describeApi(api);
    describeStreams(api);
    describeToxics(api);
  });
}
