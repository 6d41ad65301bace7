import fc from 'fast-check';
import { isOrgUserManagerError } from 'org-user-manager';
import { readInviteesCsv } from 'org-user-manager/csv';
import { judgeAddress } from 'org-user-manager/extract';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, it } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

/** The codes of the issues, by where they are. */
const issuesOf = (file: string) =>
  readInviteesCsv(file).issues.map(({ code, line, column }) => `${line}:${column ?? '-'} ${code}`);

const codeOf = (file: string) => {
  try {
    readInviteesCsv(file);
    return 'none';
  } catch (error) {
    return isOrgUserManagerError(error) ? error.code : 'another error';
  }
};

describe('the header', () => {
  it.each([
    'email,name',
    'E-mail,Name',
    'E-Mail Address;Name',
    '"EMAIL"\t"NAME"',
    ' name | e_mail ',
    'Full name,"E-mail\naddress"',
    '\uFEFFEmail;Name',
    'sep=;\r\nEmail;Name',
    '\r\n\r\n email , name ',
    'Ｅｍａｉｌ,name',
  ])('%j is understood', (header) => {
    const delimiter = /[;\t|]/.exec(header.replace(/^sep=.*\r\n/, ''))?.[0] ?? ',';
    const isFirst = !/^\s*(?:full )?name/i.test(header);
    const cells = ['ana@example.com', 'Ana'];
    const file = `${header}\r\n${(isFirst ? cells : cells.toReversed()).join(delimiter)}\r\n`;
    expect(readInviteesCsv(file)).toMatchObject({
      rows: [{ address: 'ana@example.com', name: 'Ana', verdict: 'ok' }],
      issues: [],
    });
  });

  it.each([
    ['', 'csv_header_not_found'],
    ['\n\n', 'csv_header_not_found'],
    ['ana@example.com\npetr@example.org', 'csv_header_not_found'],
    ['Name,Role\nAna,admin', 'csv_header_not_found'],
    ['"Email,Name\nana@example.com', 'csv_header_not_found'],
    ['Email,E-mail\nana@example.com,ana@example.org', 'invalid_input'],
    ['Email,Daily,Daily limit\nana@example.com,1,2', 'invalid_input'],
    ['Email\n', 'none'],
  ])('%j is answered with %s', (file, code) => {
    expect(codeOf(file)).toBe(code);
  });

  it('keeps its columns when hundreds of empty ones stand between or behind them', () => {
    const tabs = '\t'.repeat(300);
    const file = `email${tabs}name${tabs}\nana@example.com${tabs}Ana${tabs}\npetr@example.org\t${tabs}\n`;
    expect(readInviteesCsv(file)).toMatchObject({
      rows: [
        { line: 2, address: 'ana@example.com', name: 'Ana', verdict: 'ok' },
        { line: 3, address: 'petr@example.org', verdict: 'ok' },
      ],
      issues: [],
    });
  });

  it('of one column is taken for one that commas divide', () => {
    const { rows } = readInviteesCsv('Email\nana@example.com,,\npetr@example.org\n');
    const addresses = rows.map((row) => row.address);
    expect(addresses).toEqual(['ana@example.com', 'petr@example.org']);
  });

  it('that names a column twice is refused by its name', () => {
    expect(() => readInviteesCsv('Email,Daily,Daily limit\nana@example.com,1,2')).toThrow(
      expect.objectContaining({
        details: {
          issues: [{ path: 'file', message: 'names more than one column for daily' }],
        },
      }),
    );
  });

  it('says which columns are not read', () => {
    expect(issuesOf('\nEmail,Team,,Role\nana@example.com,Blue,,admin')).toEqual([
      '2:2 unknown-column',
    ]);
  });
});

describe('a row', () => {
  it('holds the terms of one person, ready for inviteMany', () => {
    const file = [
      'Role;Monthly limit;E-mail;Phone;Daily limit;Name',
      'Admin;unlimited;Ana@Example.com;+1 (202) 555-0123;0;"Reyes, ""Ana"""',
      ';;petr@example.org;;;Petr',
      'member;500;yuki@example.net;;;"Yuki\r\nMori"',
    ].join('\r\n');
    const read = readInviteesCsv(file);
    expect(read.ready).toEqual(['ana@example.com', 'petr@example.org', 'yuki@example.net']);
    expect(JSON.parse(JSON.stringify(read.perAddress))).toEqual({
      'ana@example.com': {
        role: 'admin',
        limit: { daily: 0, monthly: null },
        name: 'Reyes, "Ana"',
        phone: '+12025550123',
      },
      'petr@example.org': { name: 'Petr' },
      'yuki@example.net': { role: 'member', limit: { monthly: 500 }, name: 'Yuki Mori' },
    });
    expect(read.rows.map(({ name }) => name)).toEqual(['Reyes, "Ana"', 'Petr', 'Yuki Mori']);
    expect(read.issues).toEqual([]);
  });

  it.each([
    ['Daily limit', '1,000', 'bad-daily-limit'],
    ['Daily limit', '1e3', 'bad-daily-limit'],
    ['Daily limit', '-5', 'bad-daily-limit'],
    ['Daily limit', '2.5', 'bad-daily-limit'],
    ['Daily limit', '007', 'bad-daily-limit'],
    ['Daily limit', '0x10', 'bad-daily-limit'],
    ['Daily limit', '１０', 'bad-daily-limit'],
    ['Daily limit', '9007199254740992', 'bad-daily-limit'],
    ['Monthly limit', '1 000', 'bad-monthly-limit'],
    ['Monthly limit', 'none', 'bad-monthly-limit'],
    ['Role', 'owner', 'unknown-role'],
    ['Role', 'member,admin', 'unknown-role'],
    ['Phone', '0171 1234567', 'bad-phone'],
    ['Phone', '+1202555012345678', 'bad-phone'],
    ['Phone', 'call me', 'bad-phone'],
  ])('is refused whole for %s %j', (column, cell, code) => {
    const file = `Email;${column}\nana@example.com;"${cell}"\npetr@example.org;`;
    const read = readInviteesCsv(file);
    expect(read.rows[0]).toMatchObject({ verdict: 'rejected', reason: code, line: 2 });
    expect(read.issues).toEqual([{ code, line: 2, column: 2 }]);
    expect(read.ready).toEqual(['petr@example.org']);
    expect(Object.keys(read.perAddress)).toEqual([]);
  });

  it.each([
    ['', 'no-address'],
    ['ana', 'no-domain'],
    ['ana@example.comm', 'unknown-tld'],
    ['Ana <ana@example.com>', 'bad-char'],
    ['ana@example.com petr@example.org', 'double-at'],
    ['an\u202Ea@example.com', 'bad-char'],
    ['an\u200Ba@example.com', 'bad-char'],
    ['ana@example.com\0', 'bad-label'],
    ['\uD800@example.com', 'bad-char'],
  ])('with the address %j is refused: %s', (cell, reason) => {
    expect(readInviteesCsv(`Name,Email\nAna,"${cell}"`).rows).toEqual([
      { line: 2, address: null, name: 'Ana', verdict: 'rejected', reason },
    ]);
  });

  it('is judged without what stands around its address', () => {
    const cells = [' ana@example.com ', '\u200Bpetr@example.org\uFEFF', '\u00A0yuki@example.net'];
    expect(readInviteesCsv(`Email\n${cells.join('\n')}`).issues).toEqual([]);
  });

  it('asks for a look at look-alike letters', () => {
    const read = readInviteesCsv('Email,Role\n\u0430na@example.com,admin');
    expect(read.rows).toMatchObject([{ verdict: 'review', reason: 'mixed-scripts' }]);
    expect(read).toMatchObject({ ready: [], perAddress: {}, review: ['\u0430na@example.com'] });
    expect(Object.keys(read.perAddress)).toEqual([]);
    expect({ ...read.reviewPerAddress }).toEqual({ '\u0430na@example.com': { role: 'admin' } });
    expect(issuesOf('Email,Role\n\u0430na@example.com,boss')).toEqual([
      '2:1 mixed-scripts',
      '2:2 unknown-role',
    ]);
    expect(readInviteesCsv('Email,Role\n\u0430na@example.com,boss')).toMatchObject({
      ...{ ready: [], review: [] },
    });
  });

  it('counts once; the first one of an address counts', () => {
    const file =
      'Email,Role\nx@,\nAna@example.com,member\n\nANA@example.com,admin\nana@example.com,';
    const read = readInviteesCsv(file);
    expect(read.rows.map(({ line, verdict, duplicateOf }) => [line, verdict, duplicateOf])).toEqual(
      [
        [2, 'rejected', undefined],
        [3, 'ok', undefined],
        [5, 'duplicate', 3],
        [6, 'duplicate', 3],
      ],
    );
    expect(read.perAddress).toEqual({ 'ana@example.com': { role: 'member' } });
    expect(issuesOf(file)).toEqual(['2:1 no-domain', '5:- duplicate', '6:- duplicate']);
  });

  it.each([
    ['Email,Name\nana@example.com,Reyes,Ana', ['2:- too-many-cells']],
    ['Email,Name\nana@example.com,Ana,,', []],
    ['Email,Name\nana@example.com', []],
    ['Email,Name\nana@example.com,"Reyes" Ana', ['2:- broken-quotes']],
    ['Email,Name\n"ana@example.com"x,Ana\npetr@example.org,Petr', ['2:- broken-quotes']],
    ['Email,Name\nana@example.com,"Ana\npetr@example.org,Petr', ['2:- broken-quotes']],
  ])('%j has these issues: %j', (file, issues) => {
    expect(issuesOf(file)).toEqual(issues);
  });

  it('is found on its line behind cells of several lines, whatever breaks them', () => {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const file = ['Name,Email', '"Ana', '', 'Reyes",ana@example.com', '', ',x@'].join(lineBreak);
      expect(readInviteesCsv(file).rows.map(({ line }) => line)).toEqual([2, 6]);
    }
    const mixed = 'Email\r\nana@example.com\npetr@example.org\r\n';
    expect(readInviteesCsv(mixed).ready).toEqual(['ana@example.com', 'petr@example.org']);
  });

  it('called like a member of every object is an address like others', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const file = `Email,Role\n${names.map((name) => `${name}@example.com,admin`).join('\n')}`;
    const { perAddress } = readInviteesCsv(file);
    expect(Object.getPrototypeOf(perAddress)).toBeNull();
    expect(Object.keys(perAddress)).toEqual(
      names.map((name) => `${name.toLowerCase()}@example.com`),
    );
    expect(Object.keys({})).toEqual([]);
  });
});

describe('limits', () => {
  const file = 'Email\nana@example.com\n\npetr@example.org\n';

  it('refuse what is too large before any work', () => {
    expect(readInviteesCsv(file, { maxRows: 2, maxLength: file.length }).rows).toHaveLength(2);
    const refusal = (message: string) => ({
      code: 'invalid_input',
      details: { issues: [{ path: 'file', message }] },
    });
    expect(() => readInviteesCsv(file, { maxRows: 1 })).toThrow(
      expect.objectContaining(refusal('must hold at most 1 rows')),
    );
    expect(() => readInviteesCsv(file, { maxLength: 9 })).toThrow(
      expect.objectContaining(refusal('must have at most 9 characters')),
    );
    expect(codeOf('x'.repeat(262_145))).toBe('invalid_input');
    expect(codeOf(`Email\n${'ana@example.com\n'.repeat(501)}`)).toBe('invalid_input');
    expect(() => readInviteesCsv(file, { maxRows: 0 })).toThrow(
      expect.objectContaining({ code: 'invalid_options' }),
    );
  });

  it.each([undefined, null, 5, {}, new Uint8Array(3)])('refuse %j as no text', (file) => {
    const issues = [{ path: 'file', message: 'must be a string' }];
    expect(() => Reflect.apply(readInviteesCsv, undefined, [file])).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { issues } }),
    );
  });

  it('keep the columns of a file whose empty cells are many tabs', () => {
    const file = `Email${'\t'.repeat(150)}Role\nana@example.com\tx${'\t'.repeat(149)}admin`;
    expect(readInviteesCsv(file).rows).toMatchObject([{ verdict: 'ok', role: 'admin' }]);
  });

  it('keep the parser from looking at the same blanks over and over', () => {
    const { trim } = String.prototype;
    let looked = 0;
    String.prototype.trim = function () {
      const result = trim.call(this);
      looked += this.length - result.length;
      return result;
    };
    const hostile = `Email,Name\n"${`"'=`.repeat(20_000)}${' '.repeat(60_000)},`;
    try {
      readInviteesCsv(hostile);
    } finally {
      String.prototype.trim = trim;
    }
    expect(looked).toBeLessThan(hostile.length * 100);
  });
});

const cell = fc.oneof(
  fc.constantFrom('ana@example.com', 'petr@example.org', 'x@', '', '12', '-5', 'admin', '"', '""'),
  fc.constantFrom("'", '=1+1', '\n', '\r\n', ',', ';', '\t', ' ', '\0', '\uFEFF', '\uD800', '＝'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const anyFile = fc
  .tuple(
    fc.constantFrom('Email', 'Email,Role,Daily limit', 'Name;E-mail;Phone', '"Email"\tMonthly'),
    fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 6 }),
    fc.constantFrom(',', ';', '\t', ''),
  )
  .map(([header, rows, between]) => [header, ...rows.map((row) => row.join(between))].join('\n'));

it('gives only what the judge accepts, and tells everything without quoting a cell', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const { rows, issues, ready, review, perAddress, reviewPerAddress } = readInviteesCsv(file);
      const addresses = [...ready, ...review];
      for (const address of addresses)
        expect(judgeAddress(address)).toMatchObject({ key: address });
      expect(new Set(addresses).size).toBe(addresses.length);
      const withVerdict = (wanted: string) =>
        rows.flatMap(({ verdict, address }) => (verdict === wanted ? [address] : []));
      expect({ ready, review }).toEqual({
        ready: withVerdict('ok'),
        review: withVerdict('review'),
      });
      expect(ready).toEqual(expect.arrayContaining(Object.keys(perAddress)));
      expect(review).toEqual(expect.arrayContaining(Object.keys(reviewPerAddress)));
      for (const row of rows.filter(({ verdict }) => verdict !== 'ok')) {
        expect(issues.some(({ line }) => line === row.line)).toBe(true);
      }
      for (const issue of issues) {
        expect(Object.keys(issue).toSorted()).toEqual(['code', 'column', 'line']);
      }
    }),
    { numRuns: 1_000, seed: 58 },
  );
});

it('a file goes into inviteMany as it was read', async () => {
  const { manager } = await createTeam(memoryStorage());
  await manager.setInvitePolicy({ orgId, actor: admin, limit: { daily: 5, monthly: 50 } });
  const file =
    'email,name,role,phone,daily limit\nana@example.com,Ana,admin,+12025550123,unlimited';
  const { ready, perAddress } = readInviteesCsv(file);
  const call = { orgId, actor: admin, addresses: ready, perAddress };
  const results = await manager.inviteMany(call);
  expect(results).toMatchObject([
    {
      outcome: 'invited',
      invitation: {
        ...{ role: 'admin', name: 'Ana', phone: '+12025550123' },
        limit: { daily: null, monthly: 50 },
      },
    },
  ]);
});

it('a file with rows to review goes into inviteMany without them', async () => {
  const { manager } = await createTeam(memoryStorage());
  const lookAlike = '\u0430na@example.com';
  const file = `email,name\nana@example.com,Ana\n${lookAlike},Eve\n`;
  const { ready, review, perAddress, reviewPerAddress } = readInviteesCsv(file);
  const call = { orgId, actor: admin };
  const results = await manager.inviteMany({ ...call, addresses: ready, perAddress });
  expect(results).toMatchObject([{ outcome: 'invited', address: 'ana@example.com' }]);
  const confirmed = { ...call, addresses: review, perAddress: reviewPerAddress };
  expect(await manager.inviteMany(confirmed)).toMatchObject([
    { outcome: 'invited', address: lookAlike, invitation: { name: 'Eve' } },
  ]);
});
