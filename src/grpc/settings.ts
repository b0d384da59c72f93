import { ConnectionError, frameMaxBytes, max31Bits } from "./frame.ts";

/** What the other side allows us (RFC 9113, 6.5.2). What its decoder may remember is none of our concern: we let it remember nothing. */
export interface Settings {
  readonly concurrentStreamsMax: number;
  readonly initialWindowBytes: number;
  readonly frameMaxBytes: number;
}

export const initialWindowBytes = 65_535;

/** As long as it has said nothing. */
export const initialSettings: Settings = { concurrentStreamsMax: Infinity, initialWindowBytes, frameMaxBytes };

const ids = { enablePush: 2, concurrentStreamsMax: 3, initialWindowBytes: 4, frameMaxBytes: 5, headerListMaxBytes: 6 } as const;
const entryBytes = 6;
const frameLimitBytes = 2 ** 24 - 1;

/** The payload of the SETTINGS that we begin with. */
export function ownSettings(windowBytes: number, headerListMaxBytes: number): Buffer {
  const entries = [[ids.enablePush, 0], [ids.initialWindowBytes, windowBytes], [ids.headerListMaxBytes, headerListMaxBytes]] as const;
  return Buffer.concat(entries.map(([id, value]) => entryOf(id, value)));
}

function entryOf(id: number, value: number): Buffer {
  const entry = Buffer.alloc(entryBytes);
  entry.writeUInt16BE(id);
  entry.writeUInt32BE(value, 2);
  return entry;
}

/**
 * The settings as the payload of a SETTINGS frame changes them.
 * @throws ConnectionError for values that nobody may set
 */
export function changed(settings: Settings, payload: Buffer): Settings {
  if (payload.length % entryBytes !== 0) throw new ConnectionError("frameSize", `settings of ${payload.length} bytes`);
  let next = settings;
  for (let at = 0; at < payload.length; at += entryBytes) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case ids.enablePush:
        if (value !== 0) throw new ConnectionError("protocol", "a server wants to be pushed to");
        break;
      case ids.concurrentStreamsMax:
        next = { ...next, concurrentStreamsMax: value };
        break;
      case ids.initialWindowBytes:
        if (value > max31Bits) throw new ConnectionError("flowControl", `a window of ${value} bytes`);
        next = { ...next, initialWindowBytes: value };
        break;
      case ids.frameMaxBytes:
        if (value < frameMaxBytes || value > frameLimitBytes) throw new ConnectionError("protocol", `frames of at most ${value} bytes`);
        next = { ...next, frameMaxBytes: value };
        break;
    }
  }
  return next;
}
