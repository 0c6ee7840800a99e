import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FORMAT = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals personal data with a key that is not in the database, and finds it again by keyed hash. */
export interface Vault {
  /** Encrypts (AES-256-GCM). `purpose` (for example `person.name`) is bound in: a value cannot be moved to another column. */
  seal(purpose: string, plain: string): string;
  /** Throws when the key, the purpose or the value is not the one it was sealed with. */
  open(purpose: string, sealed: string): string;
  /** HMAC-SHA-256 in base64url: equal values have equal hashes within one purpose. */
  hash(purpose: string, plain: string): string;
}

/** The key is missing or is not the one the data was sealed with: going on would make people unreadable and double. */
export class WrongKeyError extends Error {}

/**
 * Opens the vault with `DATA_KEY`, or with the key file of the data directory, made (mode 600) when there is no data yet.
 * `fingerprint` is that of the key the data was sealed with; undefined for new data. Throws {@link WrongKeyError}.
 */
export function openVault(dataDir: string, dataKey: string | undefined, fingerprint?: string): Vault {
  const master =
    dataKey === undefined ? readOrMakeKeyFile(dataDir, fingerprint) : parseKey(dataKey, 'DATA_KEY');
  const vault = vaultOf(master);
  if (fingerprint !== undefined && fingerprintOf(vault) !== fingerprint)
    throw new WrongKeyError(
      `${dataKey === undefined ? keyFile(dataDir) : 'DATA_KEY'} is not the key that names and phones were sealed with. Put the right key back.`,
    );
  return vault;
}

/** Tells one key from another without telling the key. */
export function fingerprintOf(vault: Vault): string {
  return vault.hash('vault.fingerprint', 'xiangbo');
}

function keyFile(dataDir: string): string {
  return join(dataDir, 'keys', 'data.key');
}

/** A vault over a 32-byte master key; sealing and hashing use separate keys derived from it. */
export function vaultOf(master: Buffer): Vault {
  const sealing = Buffer.from(hkdfSync('sha256', master, '', 'xiangbo seal v1', 32));
  const hashing = Buffer.from(hkdfSync('sha256', master, '', 'xiangbo hash v1', 32));
  return {
    seal(purpose, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${FORMAT}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(purpose, sealed) {
      const [format, text] = sealed.split('.');
      if (format !== FORMAT || !text) throw new Error(`A sealed value has the unknown format ${format}`);
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
    hash: (purpose, plain) =>
      createHmac('sha256', hashing).update(`${purpose}\0${plain}`).digest('base64url'),
  };
}

function parseKey(text: string, name: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32)
    throw new WrongKeyError(`${name} must be 32 bytes in base64, for example from: openssl rand -base64 32`);
  return key;
}

function readOrMakeKeyFile(dataDir: string, fingerprint: string | undefined): Buffer {
  const file = keyFile(dataDir);
  if (existsSync(file)) return parseKey(readFileSync(file, 'utf8'), file);
  if (fingerprint !== undefined)
    throw new WrongKeyError(
      `The key of the data is missing: there is no ${file} and DATA_KEY is not set. Put it back from the backup of keys/.`,
    );
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  const key = randomBytes(32);
  writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
