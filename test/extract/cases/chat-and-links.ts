import type { PasteCase } from '../paste-case.ts';

export const slack: readonly PasteCase[] = [
  ['<mailto:ana@example.com|ana@example.com>', 'ana@example.com'],
  [
    'Please add <mailto:ana@example.com|ana@example.com>, <mailto:petr@example.org|Petr> and <@U02AB3CD4>',
    'ana@example.com petr@example.org',
    { rejected: 'handle' },
  ],
  ['@channel invite ana@example.com', 'ana@example.com', { rejected: 'handle' }],
  [
    'Ana Reyes  9:14 AM\nana@example.com\nPetr  9:15 AM\npetr@example.org :+1:',
    'ana@example.com petr@example.org',
  ],
  ['`ana@example.com` and ```petr@example.org```', 'ana@example.com petr@example.org'],
  ['> ana@example.com\n• petr@example.org', 'ana@example.com petr@example.org'],
  [
    '*ana@example.com* _petr@example.org_ ~yuki@example.net~',
    'ana@example.com petr@example.org yuki@example.net',
    { review: 'yuki@example.net' },
  ],
  [':email:ana@example.com', 'ana@example.com'],
  [
    '[09:14, 3/3/2026] Ana: ana@example.com\n[09:15, 3/3/2026] Petr: petr@example.org',
    'ana@example.com petr@example.org',
  ],
  ['<@ana> → ana@example.com', 'ana@example.com', { rejected: 'handle' }],
  ['ping @ana.reyes or ana@example.com', 'ana@example.com', { rejected: 'handle' }],
];

export const markdown: readonly PasteCase[] = [
  ['[ana@example.com](mailto:ana@example.com)', 'ana@example.com'],
  [
    '[Ana](mailto:ana@example.com) and [Petr](mailto:petr@example.org "write")',
    'ana@example.com petr@example.org',
  ],
  ['<ana@example.com>', 'ana@example.com'],
  [
    '**ana@example.com**, __petr@example.org__, ~~yuki@example.net~~',
    'ana@example.com petr@example.org yuki@example.net',
    { review: 'yuki@example.net' },
  ],
  ['- [ ] ana@example.com\n- [x] petr@example.org', 'ana@example.com petr@example.org'],
  [
    '* ana@example.com\n* petr@example.org\n+ yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    '1. ana@example.com\n2. petr@example.org\n3) yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['| ana@example.com | petr@example.org |', 'ana@example.com petr@example.org'],
  ['[1]: mailto:ana@example.com', 'ana@example.com'],
  ['Write to ana@example.com[^1].', 'ana@example.com'],
  ['### ana@example.com', 'ana@example.com'],
  [
    '#ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A bullet-like lead goes' },
  ],
  [
    '~ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A bullet-like lead goes' },
  ],
  ['_ana@example.com_', 'ana@example.com', { ruling: 'A paired underscore is emphasis' }],
  [
    '_ana@example.com',
    '_ana@example.com',
    { ruling: 'An unpaired underscore is part of the address' },
  ],
  ['***ana@example.com***', 'ana@example.com'],
  ['"ana@example.com"_, and _"petr@example.org"_', 'ana@example.com petr@example.org'],
];

export const mailto: readonly PasteCase[] = [
  ['mailto:ana@example.com', 'ana@example.com'],
  ['MAILTO:ana@example.com', 'ana@example.com'],
  [
    'mailto:ana@example.com?subject=Hi&cc=petr@example.org&bcc=yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['mailto:ana@example.com,petr@example.org', 'ana@example.com petr@example.org'],
  ['mailto:?to=ana@example.com&cc=petr@example.org', 'ana@example.com petr@example.org'],
  [
    'mailto:ana%2Bnews@example.com',
    'ana+news@example.com',
    { ruling: 'Escapes are decoded inside mailto only' },
  ],
  [
    'mailto:ana%40example.com',
    'ana@example.com',
    { ruling: 'RFC 6068 escapes are decoded inside mailto' },
  ],
  [
    'mailto:gorby%25kremvax@example.com',
    'gorby%kremvax@example.com',
    { ruling: 'RFC 6068 has this example' },
  ],
  ['mailto:ana@example.com;petr@example.org', 'ana@example.com petr@example.org'],
  [
    'mailto://ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A common slip; nothing but the mail scheme precedes' },
  ],
  ['mailto: ana@example.com', 'ana@example.com'],
  [
    'mailto:ana@example.com%2Cpetr@example.org',
    'ana@example.com petr@example.org',
    { ruling: 'An escaped comma separates inside mailto' },
  ],
  [
    '<mailto:ana@example.com>, <mailto:petr@example.org?subject=x>',
    'ana@example.com petr@example.org',
  ],
  ['mailto:m%C3%BCller@example.com', 'müller@example.com'],
  ['mailto:ana@example.com?body=Ask%20petr@example.org', 'ana@example.com petr@example.org'],
  ["mailto:o'hara@example.com", "o'hara@example.com"],
  [
    'mailto:ana%0Apetr@example.org',
    'petr@example.org',
    { ruling: 'An escaped line break separates, as a real one does' },
  ],
];

export const urlUserinfo: readonly PasteCase[] = [
  ['https://ana@example.com/path', '', { rejected: 'userinfo-url' }],
  ['https://ana:hunter2@example.com/', '', { rejected: 'userinfo-url' }],
  ['postgres://app:s3cret@db.example.com:5432/app', '', { rejected: 'userinfo-url' }],
  [
    'mongodb+srv://root:p4ss@cluster0.example.net/?retryWrites=true',
    '',
    { rejected: 'userinfo-url' },
  ],
  ['redis://:s3cret@cache.example.com:6379/0', '', { rejected: 'userinfo-url' }],
  ['amqp://guest:guest@mq.example.org', '', { rejected: 'userinfo-url' }],
  ['ftp://anonymous:ana%40example.org@ftp.example.com', '', { rejected: 'userinfo-url' }],
  ['ssh://git@git.example.com:2222/team/app.git', '', { rejected: 'userinfo-url' }],
  [
    'DATABASE_URL=mysql://root:toor@db.example.com/app ana@example.com',
    'ana@example.com',
    { rejected: 'userinfo-url' },
  ],
  ['git+ssh://git@example.com/team/app.git#v1.2.3', '', { rejected: 'userinfo-url' }],
  ['"smtp://user:pa$$@mail.example.com:587"', '', { rejected: 'userinfo-url' }],
  ['smtps://ana@example.com:pass@smtp.example.com', '', { rejected: 'userinfo-url' }],
  ['https://user:p@ss@example.com/', '', { rejected: 'userinfo-url' }],
  ['//app:s3,cret@db.example.com/app', '', { rejected: 'userinfo-url' }],
  ['postgres://app:P@ssw0rd!2024@db.example.com/app', '', { rejected: 'userinfo-url' }],
  ['mysql://app:p@ss#w$rd@x,1@db.example.com:3306/app', '', { rejected: 'userinfo-url' }],
  [
    'https://app:pw@db.example.com:8080,ana@example.com;petr@example.org',
    'ana@example.com petr@example.org',
    { rejected: 'userinfo-url' },
  ],
  ['smtp://ana@example.com:pa$$@x!y@localhost', '', { rejected: 'userinfo-url' }],
  ['postgresql://app:a+b.c@db.example.com', '', { rejected: 'userinfo-url' }],
  [
    '(see https://token@git.example.com/x) or ana@example.com',
    'ana@example.com',
    { rejected: 'userinfo-url' },
  ],
  ['jdbc:postgresql://ana:pw@db.example.com/x', '', { rejected: 'userinfo-url' }],
  ['https://oauth2:abc_DEF-123@git.example.org/team/app.git', '', { rejected: 'userinfo-url' }],
  ['https://www.example.com/ ana@example.com', 'ana@example.com'],
  ['https://www.example.com,ana@example.com', 'ana@example.com'],
  ['<https://example.com>ana@example.com', 'ana@example.com'],
];

export const urlPath: readonly PasteCase[] = [
  [
    'https://app.example.com/invite?email=ana@example.com',
    'ana@example.com',
    { ruling: 'After the authority it cannot be userinfo' },
  ],
  [
    'https://app.example.com/?email=ana@example.com&cc=petr@example.org',
    'ana@example.com petr@example.org',
    { ruling: 'After the authority it cannot be userinfo' },
  ],
  [
    'https://app.example.com/users/ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'After the authority it cannot be userinfo' },
  ],
  [
    'https://app.example.com/users/ana@example.com/edit',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'After the authority it cannot be userinfo' },
  ],
  [
    'https://app.example.com/#/u/ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'After the authority it cannot be userinfo' },
  ],
  ['?email=ana@example.com&cc=petr@example.org', 'ana@example.com petr@example.org'],
  [
    'https://app.example.com/?email=ana%40example.com',
    '',
    {
      rejected: 'entity-encoded',
      ruling: 'Escapes are decoded inside mailto only, and reported elsewhere',
    },
  ],
  ['https://social.example/@ana', '', { rejected: 'handle' }],
  ['https://video.example.com/@ana/watch?v=1', '', { rejected: 'handle' }],
  [
    'https://maps.example.com/@48.1374,11.5755,15z',
    '',
    { rejected: 'identifier', ruling: 'A map position' },
  ],
  ['https://cdn.example.com/npm/left@1.2.3/dist/left.js', '', { rejected: 'identifier' }],
  [
    '/home/ana@example.com/inbox',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A path segment may be an address' },
  ],
];

export const scp: readonly PasteCase[] = [
  ['scp build.tgz deploy@web.example.com:/srv/www/', '', { rejected: 'scp-path' }],
  ['rsync -av ./ ana@backup.example.com:backups/', '', { rejected: 'scp-path' }],
  ['git clone git@example.org:ana/dotfiles', '', { rejected: 'scp-path' }],
  ['origin\tgit@git.example.com:team/app.git (fetch)', '', { rejected: 'scp-path' }],
  ['rsync ana@example.com::module/path .', '', { rejected: 'scp-path' }],
  ['scp ana@example.com:~/notes.txt .', '', { rejected: 'scp-path' }],
  [
    'ssh deploy@server.example.com',
    'deploy@server.example.com',
    { ruling: 'Nothing tells it from an address' },
  ],
  ['ana@example.com:', 'ana@example.com'],
  ['ana@example.com: admin, petr@example.org: member', 'ana@example.com petr@example.org'],
  ['ana@example.com:admin', 'ana@example.com'],
  [
    'scp ana@example.com:notes.txt .',
    'ana@example.com',
    { ruling: 'Without a slash nothing tells it from a note behind an address' },
  ],
  ['ana@example.com:petr@example.org', 'ana@example.com petr@example.org'],
];
