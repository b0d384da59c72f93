/*
 * What the load asks of etcd's services KV and Lease, with the fields of `rpc.proto` and `kv.proto` that it uses under
 * the names that they have there. etcd3's clients are such services but for their options.
 */

/** etcd3 has 64-bit integers as decimal text. */
export type Int64 = number | string;

/** What is read as text: a string, or bytes. */
export interface Text {
  toString(): string;
}

export interface ResponseHeader {
  readonly revision: Int64;
}

/** The answer of a method where it says no more. */
export interface Response {
  readonly header: ResponseHeader;
}

export interface PutRequest {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly lease?: number;
}

export interface RangeRequest {
  readonly key: Buffer;
  readonly range_end?: Buffer;
  readonly limit?: number;
  readonly revision?: number;
  readonly serializable?: boolean;
  readonly count_only?: boolean;
  readonly sort_target?: "Create";
  readonly sort_order?: "Ascend";
}

export interface KeyValue {
  readonly key: Text;
  readonly value: Text;
  readonly create_revision: Int64;
  readonly mod_revision: Int64;
  readonly version: Int64;
}

export interface RangeAnswer {
  readonly kvs: readonly KeyValue[];
  /** How many there are without a limit. */
  readonly count: Int64;
}

export interface DeleteRangeRequest {
  readonly key: Buffer;
  readonly range_end?: Buffer;
}

export interface DeleteRangeAnswer {
  readonly deleted: Int64;
}

export type Compare = { readonly key: Buffer; readonly result: "Equal" | "Greater" | "Less" | "NotEqual" } & (
  | { readonly target: "Version"; readonly version: number }
  | { readonly target: "Create"; readonly create_revision: number }
  | { readonly target: "Mod"; readonly mod_revision: number }
  | { readonly target: "Value"; readonly value: Buffer }
);

export type RequestOp = { readonly request_put: PutRequest } | { readonly request_range: RangeRequest } | { readonly request_delete_range: DeleteRangeRequest };

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly RequestOp[];
  readonly failure: readonly RequestOp[];
}

/** One of them is there, or neither: a put's says nothing. */
export interface ResponseOp {
  readonly response_range?: RangeAnswer | null;
  readonly response_delete_range?: DeleteRangeAnswer | null;
}

export interface TxnAnswer {
  readonly succeeded: boolean;
  readonly responses: readonly ResponseOp[];
}

export interface CompactionRequest {
  readonly revision: number;
}

export interface LeaseRequest {
  readonly ID: number;
}

export interface LeaseGrantRequest extends LeaseRequest {
  readonly TTL: number;
}

export interface LeaseAnswer {
  readonly TTL: Int64;
}

/** Methods send a request once. Each rejects with a gRPC status as text at `endMs` on the clock at the latest. */
export interface EtcdServices {
  put(request: PutRequest, endMs: number): Promise<Response>;
  range(request: RangeRequest, endMs: number): Promise<Response & RangeAnswer>;
  deleteRange(request: DeleteRangeRequest, endMs: number): Promise<Response & DeleteRangeAnswer>;
  txn(request: TxnRequest, endMs: number): Promise<Response & TxnAnswer>;
  compact(request: CompactionRequest, endMs: number): Promise<Response>;
  leaseGrant(request: LeaseGrantRequest, endMs: number): Promise<Response & LeaseAnswer>;
  leaseRevoke(request: LeaseRequest, endMs: number): Promise<Response>;
  leaseTimeToLive(request: LeaseRequest, endMs: number): Promise<Response & LeaseAnswer>;
  /** One keep-alive on a stream of its own. */
  leaseKeepAlive(request: LeaseRequest, endMs: number): Promise<Response & LeaseAnswer>;
  close(): void;
}
