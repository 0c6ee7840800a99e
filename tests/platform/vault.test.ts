import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { fingerprintOf, openVault, vaultOf, WrongKeyError } from '../../server/platform/vault.ts';

it('opens what it sealed, only with the same key and purpose, and never seals alike twice', () => {
  const vault = vaultOf(randomBytes(32));
  const sealed = vault.seal('person.name', '岩亮');
  expect(vault.open('person.name', sealed)).toBe('岩亮');
  expect(sealed).not.toBe(vault.seal('person.name', '岩亮'));
  expect(() => vault.open('person.phone', sealed)).toThrow();
  expect(() => vaultOf(randomBytes(32)).open('person.name', sealed)).toThrow();
  const tampered = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
  expect(() => vault.open('person.name', tampered)).toThrow();
});

it('hashes equal values alike within a purpose and apart between purposes and keys', () => {
  const vault = vaultOf(randomBytes(32));
  expect(vault.hash('phone', '13800001234')).toBe(vault.hash('phone', '13800001234'));
  expect(vault.hash('phone', '13800001234')).not.toBe(vault.hash('id', '13800001234'));
  expect(vault.hash('phone', '1')).not.toBe(vaultOf(randomBytes(32)).hash('phone', '1'));
});

it('makes a key file of its own that nobody else may read, and keeps to it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-key-'));
  try {
    const sealed = openVault(dir, undefined).seal('x', 'y');
    const file = join(dir, 'keys', 'data.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(openVault(dir, undefined).open('x', sealed)).toBe('y');
    expect(openVault('/nowhere', await readFile(file, 'utf8')).open('x', sealed)).toBe('y');
    expect(() => openVault(dir, 'too short')).toThrow(/DATA_KEY must be 32 bytes/);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

it('refuses a missing or another key where data was sealed, and makes none in its place', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-key-'));
  try {
    const fingerprint = fingerprintOf(vaultOf(randomBytes(32)));
    expect(() => openVault(dir, undefined, fingerprint)).toThrow(WrongKeyError);
    await expect(stat(join(dir, 'keys', 'data.key'))).rejects.toThrow(/ENOENT/);
    const other = randomBytes(32).toString('base64');
    expect(() => openVault(dir, other, fingerprint)).toThrow(/DATA_KEY is not the key/);
    const own = randomBytes(32);
    expect(() => openVault(dir, own.toString('base64'), fingerprintOf(vaultOf(own)))).not.toThrow();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
