/** Asks once for each run which servers are there; an absent one is a failure if OUM_REQUIRE_SERVERS is set. */
import { spawnSync } from 'node:child_process';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { createClient } from 'redis';
import type { TestProject } from 'vitest/node';
import { type Absences, mariadbUrl, postgresUrl, programs, redisUrl } from './fixtures/servers.ts';

// A server that hangs counts as absent.
const deadlineMs = 5000;

export default async function findServers(project: TestProject): Promise<void> {
  const [postgres, mariadb, redis] = await Promise.all([
    absenceAt('PostgreSQL', postgresUrl, askPostgres),
    absenceAt('MariaDB', mariadbUrl, askMariadb),
    absenceAt('Redis', redisUrl, askRedis),
  ]);
  const missing = programs
    .filter((program) => spawnSync(program, ['--version']).status !== 0)
    .map((program) => [program, `${program} is not on PATH`]);
  const absences: Absences = {
    ...postgres,
    ...mariadb,
    ...redis,
    ...Object.fromEntries(missing),
  };
  const reasons = Object.values(absences);
  if (process.env.OUM_REQUIRE_SERVERS && reasons.length > 0) {
    throw new Error(`OUM_REQUIRE_SERVERS is set. ${reasons.join('. ')}.`);
  }
  project.provide('absences', absences);
}

/** Connects once. The address in the reason has no user and no password. */
async function absenceAt(
  name: 'PostgreSQL' | 'MariaDB' | 'Redis',
  url: string,
  ask: (url: string) => Promise<unknown>,
): Promise<Absences> {
  try {
    await ask(url);
    return {};
  } catch (error) {
    const { message, code } = Object(error);
    const place = URL.parse(url)?.host ?? 'an address that is no URL';
    return { [name]: `${name} is not reachable at ${place}: ${message || code}` };
  }
}

async function askPostgres(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: deadlineMs });
  await client.connect();
  await client.end();
}

async function askMariadb(uri: string): Promise<void> {
  const connection = await createConnection({ uri, connectTimeout: deadlineMs });
  await connection.end();
}

async function askRedis(url: string): Promise<void> {
  const socket = { connectTimeout: deadlineMs, reconnectStrategy: false } as const;
  const client = createClient({ url, socket });
  client.on('error', () => undefined);
  await client.connect();
  await client.close();
}
