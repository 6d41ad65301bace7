/** The check of fixtures/parameters.ts, which watches the statements of every test on PostgreSQL. */
import { expect, test } from 'vitest';
import { untypedParameters } from './fixtures/parameters.ts';

test.each([
  'select "a" from "t" where "t"."id" = $1 and ("n" > $2 or "n" <= $3) order by "a" limit $4::bigint',
  'update "s"."t" set "a" = $1, "b" = "b" + $2::bigint where "id" = $3',
  'insert into "t" ("a", "b") values ($1, $2), ($3, $4) on conflict ("a") do nothing',
  'insert into "t" ("a") select $1::text from jsonb_array_elements($2::text::jsonb) as given(item)',
  'select "a" from "t" where "id" in ($1, $2) and lower("a") like lower($3::text)',
  'select "a" from "t" where ("n", "id") > ($1::bigint, $2::text)',
])('each parameter of this has a type: %s', (statement) => {
  expect(untypedParameters(statement)).toEqual([]);
});

test.each([
  ['the text of JSON', 'select 1 from jsonb_array_elements($1::jsonb)'],
  ['a limit', 'select "a" from "t" where "id" = $2 limit $1'],
  ['an addition', 'update "t" set "n" = "n" + $1 where "id" = $2'],
  ['an addition to it', 'update "t" set "n" = $1 + "n" where "id" = $2'],
  ['a function', 'select "a" from "t" where lower("a") = lower($1)'],
  ['a comparison with a function', 'select "a" from "t" where lower("a") = $1'],
  ['a comparison of rows', 'select "a" from "t" where ("n", "id") > ($2::bigint, $1)'],
  ['a selected value', 'insert into "t" ("a") select $1 from "u"'],
  ['a value beside an expression', 'insert into "t" ("a", "b") values (1, $1)'],
  ['a case', 'select case when "a" then $1 else 0 end from "t"'],
  ['a list of a function', 'select "a" from "t" where lower("a") in ($1)'],
  ['rows that are read from', 'select v.a from (values ($1, $2)) as v (a, b)'],
  ['rows beside an insert', 'insert into "t" ("a") select v.a from (values ($1)) as v (a)'],
  ['an array', 'select "a" from "t" where "id" = any($1)'],
])('%s has none', (_, statement) => {
  expect(untypedParameters(statement)).toContain('$1');
});
