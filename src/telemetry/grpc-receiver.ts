import { promisify } from "node:util";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity, status, type handleUnaryCall, type ServiceDefinition } from "@grpc/grpc-js";
import { messageOf } from "../errors.ts";
import type { Intake } from "./intake.ts";
import { fromProtobuf, signals, type Signal } from "./otlp-messages.ts";
import { cannotListen, loopback, requestBytesMax, type Receiver } from "./receiver.ts";

/**
 * Takes OTLP over gRPC, which is what etcd speaks.
 * @param port 0 for any that is free
 * @throws HarnessError `environment` where the port is taken
 */
export async function openGrpcReceiver(port: number, intake: Intake, etcdShare?: number): Promise<Receiver> {
  const from = "OTLP over gRPC";
  // It writes to standard error what is told by errors as well.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({ "grpc.max_receive_message_length": requestBytesMax });
  server.addService(serviceOf("traces"), { Export: taking("traces", from, intake) });
  server.addService(serviceOf("logs"), { Export: taking("logs", from, intake) });
  const bind = promisify(server.bindAsync.bind(server));
  const taken = await bind(`${loopback}:${port}`, ServerCredentials.createInsecure()).catch((cause: unknown) => {
    throw cannotListen("gRPC", port, cause);
  });
  intake.opened(from, etcdShare);
  return {
    address: `${loopback}:${taken}`,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}

const asItIs = (bytes: Buffer): Buffer => bytes;

function serviceOf(signal: Signal): ServiceDefinition {
  const path = `/${signals[signal].service}/Export`;
  return { Export: { path, requestStream: false, responseStream: false, requestSerialize: asItIs, requestDeserialize: asItIs, responseSerialize: asItIs, responseDeserialize: asItIs } };
}

function taking(signal: Signal, from: string, intake: Intake): handleUnaryCall<Buffer, Buffer> {
  return ({ request }, answer) => {
    try {
      intake.take(from, fromProtobuf(signal, request), request.length);
    } catch (error) {
      return answer({ code: status.INVALID_ARGUMENT, details: messageOf(error) });
    }
    // All was taken: the answer is an empty message.
    answer(null, Buffer.alloc(0));
  };
}
