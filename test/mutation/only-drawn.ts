import { type Checker, CheckStatus } from '@stryker-mutator/api/check';
import type { StrykerOptions } from '@stryker-mutator/api/core';
import {
  commonTokens,
  declareFactoryPlugin,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin';
import { keyOf } from './mutants.ts';

/** The reason that stands at mutants which are not in the sample. */
export const notDrawn = 'not drawn';

onlyDrawn.inject = tokens(commonTokens.options);

/** Stryker takes ranges of a file, which can hold more mutants than the one that was drawn. */
function onlyDrawn(options: StrykerOptions): Checker {
  const keys = new Set<unknown>(Array.isArray(options.drawn) ? options.drawn : []);
  const passed = { status: CheckStatus.Passed } as const;
  const refused = { status: CheckStatus.CompileError, reason: notDrawn } as const;
  return {
    init: async () => undefined,
    group: async (mutants) => [mutants.map(({ id }) => id)],
    check: async (mutants) =>
      Object.fromEntries(mutants.map((one) => [one.id, keys.has(keyOf(one)) ? passed : refused])),
  };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, 'only-drawn', onlyDrawn)];
