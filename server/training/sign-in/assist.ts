import type { Vault } from '../../platform/vault.ts';

/** Who helped someone who could not sign alone, who saw it, and why. */
export interface Assist {
  helper: string;
  witness: string;
  reason: string;
}

const PURPOSE = 'signing.assist';

export function sealAssist(vault: Vault, { helper, witness, reason }: Assist): string {
  return vault.seal(PURPOSE, JSON.stringify({ helper, witness, reason }));
}

/** The names masked: the first character of each is left, and at most two stars, so that the length tells nothing. */
export function openAssist(vault: Vault, sealed: string): Assist {
  const { helper, witness, reason } = JSON.parse(vault.open(PURPOSE, sealed)) as Assist;
  return { helper: masked(helper), witness: masked(witness), reason };
}

function masked(name: string): string {
  const [first = '', ...rest] = name;
  return `${first}${'*'.repeat(Math.min(2, Math.max(1, rest.length)))}`;
}
