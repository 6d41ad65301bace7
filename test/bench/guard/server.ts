// One application as a process of its own; it tells its port, and on demand the CPU it has used.
import type { AddressInfo } from 'node:net';
import { expressApps, fastifyApps } from './apps.ts';

const [framework = '', name = ''] = process.argv.slice(2);

async function open(): Promise<number> {
  if (framework === 'fastify') {
    const app = await fastifyApps[name]?.();
    return Number(new URL((await app?.listen({ host: '127.0.0.1', port: 0 })) ?? '').port);
  }
  const app = await expressApps[name]?.();
  return new Promise((resolve) => {
    const server = app?.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null | undefined = server?.address();
      if (typeof address === 'object' && address) resolve(address.port);
    });
  });
}

const port = await open();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.on('disconnect', () => process.exit());
process.send?.({ port });
