import { GenericContainer, type WaitStrategy } from "testcontainers";

/** A container with something to do between its creation and its start: joining networks, attaching to its output. */
export class PreparedContainer extends GenericContainer {
  readonly #prepare: (containerId: string) => Promise<void>;

  constructor(image: string, prepare: (containerId: string) => Promise<void>) {
    super(image);
    this.#prepare = prepare;
    // Removal goes by our own label and watchdog: the library's would need an image of its own.
    this.withAutoCleanup(false);
  }

  /** The network it is created in, and what it is called there. */
  withEndpoint(network: string, aliases: readonly string[]): this {
    this.withNetworkMode(network);
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases: [...aliases] } } };
    return this;
  }

  protected override async containerCreated(containerId: string): Promise<void> {
    await this.#prepare(containerId);
  }
}

/** For a container whose readiness is nobody's business yet: it has been started, and has its address. */
export const startedIsEnough: WaitStrategy = {
  waitUntilReady: async () => undefined,
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};
