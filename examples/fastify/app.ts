import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { OrgUserManager } from 'org-user-manager';
import { fastifyPlugin, fastifyUsageGuard } from 'org-user-manager/fastify';
import { smtpMailer } from 'org-user-manager/smtp-mailer';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { type User, userOf } from './tokens.ts';

export interface AppOptions {
  /** SQLite file. */
  readonly filename: string;
  /** Such as `smtp://127.0.0.1:1025`. */
  readonly smtpUrl: string;
  /** The origin that clients see. */
  readonly origin: string;
  /** At least 32 random bytes. */
  readonly secret: string;
  /** The users of this API, by their token. */
  readonly users: ReadonlyMap<string, User>;
}

/** A small API: exporting costs a unit for every row asked for. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const manager = new OrgUserManager({
    storage: sqliteStorage({ filename: options.filename }),
    mailer: smtpMailer({ url: options.smtpUrl, from: 'Acme <no-reply@acme.example.com>' }),
    secret: options.secret,
    baseUrl: `${options.origin}/org`,
    activities: ['export'],
  });
  await manager.migrate();

  const identify = (request: FastifyRequest) =>
    userOf(options.users, request.headers.authorization);
  const rows = (request: FastifyRequest) => Number(Object(request.query).rows ?? 1);
  const schema = {
    querystring: { type: 'object', properties: { rows: { type: 'integer', minimum: 1 } } },
  };

  const app = Fastify();
  app.addHook('onClose', () => manager.close());
  await app.register(fastifyPlugin, { prefix: '/org', manager, identify });
  app.get(
    '/export',
    {
      schema,
      preHandler: fastifyUsageGuard(manager, { identify, activity: 'export', cost: rows }),
    },
    async (request) => ({ rows: rows(request) }),
  );
  return app;
}
