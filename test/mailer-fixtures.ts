import { expect } from 'vitest';

export const link = 'https://app.acme.example.com/org/invite#token';

export const mail = {
  to: 'robin@example.org',
  messageId: '<mail-1@app.acme.example.com>',
  subject: 'You are invited to join Acme',
  text: `Open this link:\n${link}\n`,
  html: `<p><a href="${link}?a=1&amp;b=2">View</a></p>`,
};

/** Matches an `invalid_options` error with one readable issue per path, in order. */
export const issuesOf = (paths: readonly string[]) =>
  expect.objectContaining({
    code: 'invalid_options',
    details: {
      issues: paths.map((path) => ({ path, message: expect.stringMatching(/\w{3,}/) })),
    },
  });

/** Calls as a program without types would, to reach what the types forbid. */
export const untyped = (factory: object, options: object) => () =>
  Reflect.apply(Object(factory), undefined, [options]);
