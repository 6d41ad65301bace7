import type { PasteCase } from '../paste-case.ts';

export const csv: readonly PasteCase[] = [
  [
    'name,email,role\nAna,ana@example.com,admin\nPetr,petr@example.org,member',
    'ana@example.com petr@example.org',
  ],
  [
    '"name","email"\n"Reyes, Ana","ana@example.com"\n"Novak, Petr","petr@example.org"',
    'ana@example.com petr@example.org',
  ],
  [
    'ana@example.com,petr@example.org,yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'Vorname;Nachname;E-Mail\nAna;Reyes;ana@example.com\nPetr;Novák;petr@example.org',
    'ana@example.com petr@example.org',
  ],
  ['"ana@example.com";"petr@example.org"', 'ana@example.com petr@example.org'],
  [
    '1,ana@example.com,2026-03-03,€9.90\n2,petr@example.org,2026-03-04,€12.50',
    'ana@example.com petr@example.org',
  ],
  ['id,email\n1,"ana@example.com, petr@example.org"', 'ana@example.com petr@example.org'],
  ['\uFEFFemail\nana@example.com\npetr@example.org', 'ana@example.com petr@example.org'],
  ['\uFEFFana@example.com,petr@example.org', 'ana@example.com petr@example.org'],
  ["Ana,'ana@example.com'\nPetr,'petr@example.org'", 'ana@example.com petr@example.org'],
  [
    'Ana|ana@example.com|admin\nPetr|petr@example.org|member',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['ana@example.com,,,\n,petr@example.org,,', 'ana@example.com petr@example.org'],
  ['"Ana ""The Boss"" Reyes","ana@example.com"', 'ana@example.com'],
  [
    'email,manager\nana@example.com,ana@example.com\npetr@example.org,ana@example.com',
    'ana@example.com petr@example.org',
  ],
  ['"=HYPERLINK(""mailto:ana@example.com"")"', 'ana@example.com'],
  [
    'Ana,ana@example,admin\nPetr,petr@example.org,member',
    'petr@example.org',
    { rejected: 'no-tld' },
  ],
  ['Ana,ana.example.com\nPetr,petr@example.org', 'petr@example.org'],
];

export const tsv: readonly PasteCase[] = [
  ['Ana\tana@example.com\tFinance\nPetr\tpetr@example.org\tIT', 'ana@example.com petr@example.org'],
  [
    'ana@example.com\npetr@example.org\nyuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['ana@example.com\r\npetr@example.org\r\n', 'ana@example.com petr@example.org'],
  ['ana@example.com\rpetr@example.org\r', 'ana@example.com petr@example.org'],
  ['Name\tE-mail\tPhone\nAna\tana@example.com\t202-555-0123\n', 'ana@example.com'],
  [' ana@example.com \n petr@example.org \n', 'ana@example.com petr@example.org'],
  ['ana@example.com\u00A0\npetr@example.org\u00A0', 'ana@example.com petr@example.org'],
  ['"ana@example.com\npetr@example.org"\tTeam A', 'ana@example.com petr@example.org'],
  ['1\tana@example.com\t✓\n2\tpetr@example.org\t✗', 'ana@example.com petr@example.org'],
  [
    'ana@example.com\u2028petr@example.org\u2029yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    '| Name | E-mail |\n|---|---|\n| Ana | ana@example.com |\n| Petr | petr@example.org |',
    'ana@example.com petr@example.org',
  ],
  [
    '+------+-----------------+\n| Ana  | ana@example.com |\n+------+-----------------+',
    'ana@example.com',
  ],
];

export const sql: readonly PasteCase[] = [
  [
    "INSERT INTO users (name, email) VALUES ('Ana', 'ana@example.com'), ('Petr', 'petr@example.org');",
    'ana@example.com petr@example.org',
  ],
  [
    "SELECT * FROM users WHERE email='ana@example.com' OR email IN ('petr@example.org','yuki@example.net')",
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ["UPDATE users SET email=lower('Ana@Example.com') WHERE id=1;", 'Ana@example.com'],
  ["VALUES('O''Hara','ohara@example.com')", 'ohara@example.com'],
  ['DELETE FROM users WHERE `email`="ana@example.com";', 'ana@example.com'],
  ["WHERE email LIKE '%@example.com'", '', { rejected: 'handle' }],
  ["GRANT SELECT ON app.* TO 'reader'@'localhost'", '', { rejected: 'no-domain' }],
  ["CREATE USER 'app'@'%.example.com'", '', { rejected: 'no-domain' }],
  ['SELECT @rownum := 0, @@session.sql_mode', '', { rejected: 'handle handle' }],
  [
    'COPY users (email) FROM stdin;\nana@example.com\npetr@example.org\n\\.',
    'ana@example.com petr@example.org',
  ],
  ["('ana@example.com',NULL),('petr@example.org',1)", 'ana@example.com petr@example.org'],
];

export const ldif: readonly PasteCase[] = [
  [
    'dn: uid=ana,ou=people,dc=example,dc=com\nmail: ana@example.com\nproxyAddresses: SMTP:ana.reyes@example.com\nproxyAddresses: smtp:areyes@example.net',
    'ana@example.com ana.reyes@example.com areyes@example.net',
  ],
  ['mail: ana@example.com\nmail: petr@example.org', 'ana@example.com petr@example.org'],
  [
    'userPrincipalName: ana@corp.example.com\nmail: ana@example.com',
    'ana@corp.example.com ana@example.com',
  ],
  ['dn: mail=ana@example.com,ou=people,dc=example,dc=com', 'ana@example.com'],
  ['(|(mail=ana@example.com)(mail=petr@example.org))', 'ana@example.com petr@example.org'],
  ['rfc822Mailbox: ana@example.com', 'ana@example.com'],
  ['memberUid: ana\nmgrpRFC822MailMember: petr@example.org', 'petr@example.org'],
  [
    'mail:ana@example.com\nmailAlternateAddress:reyes@example.net',
    'ana@example.com reyes@example.net',
  ],
];
