import { fastifyApps } from './apps.ts';
import { type Contender, type Goal, interleave, report } from './measure.ts';
import { userOf } from './subjects.ts';

const again = '@fastify/rate-limit again';
const goals: readonly Goal[] = [
  { id: 'A/A', ours: again, peer: '@fastify/rate-limit', most: 1 },
  { id: 'P4', ours: 'ours', peer: '@fastify/rate-limit', most: 0.5 },
  { id: 'P4', ours: 'ours, 2 headers', peer: '@fastify/rate-limit', most: 0.5 },
];

async function contender(name: string, app: keyof typeof fastifyApps): Promise<Contender> {
  const open = fastifyApps[app];
  if (!open) throw new Error(`no application ${app}`);
  const instance = await open();
  await instance.ready();
  return {
    name,
    async run(requests) {
      for (let n = 0; n < requests; n++) {
        const { statusCode } = await instance.inject({
          url: '/search',
          headers: { 'x-user': userOf(n) },
        });
        if (statusCode !== 200) throw new Error(`${name}: ${statusCode}`);
      }
    },
  };
}

/**
 * Goal P4: what a hook adds to a request that Fastify answers without a network. Each header costs the
 * test client more than the hook: ours sends seven or two, the peer three.
 */
export async function benchInject(rounds: number): Promise<void> {
  const contenders = [
    await contender('bare', 'bare'),
    await contender('no-op hook', 'no-op hook'),
    await contender('ours', 'ours'),
    await contender('ours, 2 headers', 'ours, 2 headers'),
    await contender('@fastify/rate-limit', '@fastify/rate-limit'),
    await contender(again, '@fastify/rate-limit'),
  ];
  // A request takes long here: without this, rounds would time the compiler.
  for (const { run } of contenders) await run(4000);
  // Short rounds, and many: what is added is a small part of a request, and the machine's mood is not.
  const requests = 150;
  console.log(
    `\nFastify inject, ${rounds * 4} rounds of ${requests}, CPU µs a request over the base`,
  );
  report(await interleave(contenders, { rounds: rounds * 4, requests }), 'bare', goals);
}
