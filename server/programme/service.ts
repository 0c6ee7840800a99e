import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { Identity } from '../identity/service.ts';
import type { Regions } from '../regions/service.ts';
import type { Training } from '../training/service.ts';
import { openCopying } from './copy-programme.ts';
import { openCounting } from './count-figures.ts';
import { openEvidenceDesk } from './evidence.ts';
import { openIndicators } from './indicators.ts';
import { openProgrammes } from './programmes.ts';
import { openEvidenceConsumer } from './project-evidence.ts';
import { openRecompute, type TrainingFactsDesk } from './recompute.ts';

/** The rooms and ports that the programme room stands on. */
export interface ProgrammeParts {
  db: Database;
  clock: Clock;
  regions: Regions;
  identity: Pick<Identity, 'describePersons' | 'verifiedAtOf' | 'mergesOf' | 'mergesById'>;
  training: Pick<Training, 'captionRuns'> & TrainingFactsDesk;
  /** Resolves when the outbox's consumers have applied the news so far. */
  catchUp(): Promise<void>;
}

export type Programmes = ReturnType<typeof openProgrammeRoom>;

/** Programmes with their targets, the figures that stand beside them and the rows behind those. */
export function openProgrammeRoom(parts: ProgrammeParts) {
  const { requireScope, ...programmes } = openProgrammes(parts);
  const count = openCounting(parts.db);
  return {
    evidenceConsumer: openEvidenceConsumer(parts.clock),
    ...programmes,
    ...openCopying(parts),
    ...openIndicators({ ...parts, requireScope, count }),
    ...openEvidenceDesk({ ...parts, requireScope, count }),
    ...openRecompute({ ...parts, requireScope }),
  };
}
