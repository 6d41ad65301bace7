import type { TestProject } from 'vitest/node';
import type { Absences } from '../fixtures/servers.ts';

/** Skips what takes longest: the tests on servers and on PGlite. */
export default function withoutServers(project: TestProject): void {
  const absence = 'left out of the first pass';
  const absences: Absences = {
    PostgreSQL: absence,
    MariaDB: absence,
    Redis: absence,
    'redis-server': absence,
    pgbouncer: absence,
    PGlite: absence,
  };
  project.provide('absences', absences);
}
