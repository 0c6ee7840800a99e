import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
export async function composePicture(browser: Browser, stage: unknown): Promise<string> {
  throw new Error(String([browser, stage, readFile, fileURLToPath]));
}
