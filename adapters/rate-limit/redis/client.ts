/** What a script is run on, as node-redis takes it. */
export interface NodeRedisScriptCall {
  /** The keys that the script touches. */
  keys: string[];
  /** Its other arguments. */
  arguments: string[];
}

/** The calls needed of node-redis (`redis`): a client, a pool, a sentinel or a cluster. */
export interface NodeRedisClient {
  /** Runs a script by its name. */
  evalSha(sha1: string, call: NodeRedisScriptCall): Promise<unknown>;
  /** Runs a script by its text. */
  eval(source: string, call: NodeRedisScriptCall): Promise<unknown>;
  /** Reads several keys of one slot. */
  mGet(keys: string[]): Promise<unknown>;
}

/** The calls needed of `ioredis`: `Redis` or `Cluster`, with automatic pipelining or without. */
export interface IoredisClient {
  /** Runs a script by its name. */
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Runs a script by its text. */
  eval(source: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Reads several keys of one slot. */
  mget(keys: string[]): Promise<unknown>;
}

/** A client of either library. */
export type RedisClient = NodeRedisClient | IoredisClient;
