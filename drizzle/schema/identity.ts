import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { regions } from './regions.ts';

/**
 * A human being, with or without an account. What identifies them is sealed (`…Sealed`, AES-256-GCM) and found again
 * by keyed hash (`…Hash`, HMAC-SHA-256); erasing a person empties these and leaves the facts about them standing.
 */
export const persons = sqliteTable(
  'persons',
  {
    id: text().primaryKey(),
    nameSealed: text('name_sealed'),
    nameHash: text('name_hash'),
    phoneSealed: text('phone_sealed'),
    phoneHash: text('phone_hash'),
    idNumberSealed: text('id_number_sealed'),
    idNumberHash: text('id_number_hash'),
    /** What someone shows who has no mainland ID number. */
    documentKind: text('document_kind', {
      enum: [
        'hong-kong-macao-permit',
        'taiwan-permit',
        'passport',
        'permanent-residence',
        'border-pass',
        'household-register',
      ],
    }),
    documentSealed: text('document_sealed'),
    documentHash: text('document_hash'),
    homeRegionCode: text('home_region_code')
      .notNull()
      .references(() => regions.code),
    verification: text({ enum: ['unverified', 'verified'] }).notNull(),
    verificationSource: text('verification_source', { enum: ['id-document', 'village-roster', 'phone'] }),
    verifiedAt: text('verified_at'),
    verifiedBy: text('verified_by'),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by'),
    erasedAt: text('erased_at'),
    /** The person this one was found to be; undone, it is null again. Facts keep the id under which they were recorded. */
    mergedInto: text('merged_into'),
  },
  (t) => [
    uniqueIndex('persons_id_number').on(t.idNumberHash),
    uniqueIndex('persons_document').on(t.documentHash),
    index('persons_merged')
      .on(t.mergedInto)
      .where(sql`merged_into IS NOT NULL`),
    index('persons_phone').on(t.phoneHash),
    index('persons_name').on(t.nameHash),
    index('persons_home').on(t.homeRegionCode),
  ],
);

/**
 * A category of trainees (残疾人, 退役军人 …) that a person belongs to, from a day to a day in Asia/Shanghai, both included;
 * null: not said. Ended or voided, never deleted: what counted then can be told later.
 */
export const personAudiences = sqliteTable(
  'person_audiences',
  {
    id: text().primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    audience: text().notNull(),
    since: text(),
    until: text(),
    source: text({ enum: ['registration', 'roster', 'official'] }).notNull(),
    recordedAt: text('recorded_at').notNull(),
    recordedBy: text('recorded_by'),
    voidedAt: text('voided_at'),
    voidedBy: text('voided_by'),
  },
  (t) => [
    index('person_audiences_person').on(t.personId),
    index('person_audiences_recorded').on(t.recordedAt),
  ],
);

/** One person found to be another, by whom and why; and its undoing. */
export const personMerges = sqliteTable(
  'person_merges',
  {
    id: text().primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    intoPersonId: text('into_person_id')
      .notNull()
      .references(() => persons.id),
    reason: text().notNull(),
    mergedAt: text('merged_at').notNull(),
    mergedBy: text('merged_by').notNull(),
    undoneAt: text('undone_at'),
    undoneBy: text('undone_by'),
  },
  (t) => [
    uniqueIndex('person_merges_standing')
      .on(t.personId)
      .where(sql`undone_at IS NULL`),
    index('person_merges_into').on(t.intoPersonId),
  ],
);

/** Two persons who look alike and were found to be two: they are not shown for merging again. `personId` is the smaller. */
export const personsApart = sqliteTable(
  'persons_apart',
  {
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    otherPersonId: text('other_person_id')
      .notNull()
      .references(() => persons.id),
    saidAt: text('said_at').notNull(),
    saidBy: text('said_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.otherPersonId] })],
);

/** A way to sign in. Names and phones of accounts are as personal as those of persons: the phone is kept hashed only. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: text().primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    username: text().notNull(),
    /** The name this person chose to be seen under in classes and rooms; without one the masked name is shown. */
    displayName: text('display_name'),
    phoneHash: text('phone_hash'),
    passwordHash: text('password_hash').notNull(),
    status: text({ enum: ['active', 'disabled'] }).notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('accounts_username').on(t.username),
    uniqueIndex('accounts_phone').on(t.phoneHash),
    uniqueIndex('accounts_person').on(t.personId),
  ],
);

/** What a person agreed to, when and how; kept as long as the data it allows to be kept. */
export const consents = sqliteTable(
  'consents',
  {
    id: text().primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    /** Disability and poverty status are sensitive and consented to apart. */
    subject: text({ enum: ['basic', 'sensitive'] }).notNull(),
    noticeVersion: text('notice_version').notNull(),
    method: text({ enum: ['self', 'paper', 'spoken'] }).notNull(),
    givenAt: text('given_at').notNull(),
    recordedBy: text('recorded_by'),
    withdrawnAt: text('withdrawn_at'),
  },
  (t) => [index('consents_person').on(t.personId)],
);

/**
 * Sign-in sessions, in the columns lucia's drizzle adapter asks for; `expiresAt` is in seconds since the epoch.
 * `id` is the hash of what the cookie holds: whoever reads the database cannot sign in with it.
 */
export const authSessions = sqliteTable(
  'auth_sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => accounts.id),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('auth_sessions_user').on(t.userId)],
);

/** A role held for a region and everything under it. Ended, never deleted. */
export const roleGrants = sqliteTable(
  'role_grants',
  {
    id: text().primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    role: text().notNull(),
    regionCode: text('region_code').notNull(),
    grantedAt: text('granted_at').notNull(),
    grantedBy: text('granted_by'),
    revokedAt: text('revoked_at'),
    revokedBy: text('revoked_by'),
  },
  (t) => [
    uniqueIndex('role_grants_held')
      .on(t.accountId, t.role, t.regionCode)
      .where(sql`revoked_at IS NULL`),
    index('role_grants_region').on(t.regionCode),
  ],
);

/** Bearer tokens for encoders and integrations; only the hash is kept. */
export const apiTokens = sqliteTable(
  'api_tokens',
  {
    id: text().primaryKey(),
    tokenHash: text('token_hash').notNull(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    scope: text({ enum: ['publish', 'play', 'integration'] }).notNull(),
    broadcastId: text('broadcast_id'),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    revokedAt: text('revoked_at'),
  },
  (t) => [uniqueIndex('api_tokens_hash').on(t.tokenHash), index('api_tokens_account').on(t.accountId)],
);

/** One-time secrets handed over by a person or the console: the first administrator's link, a forgotten password's code. */
export const oneTimeCodes = sqliteTable(
  'one_time_codes',
  {
    id: text().primaryKey(),
    purpose: text({ enum: ['setup', 'password-reset'] }).notNull(),
    codeHash: text('code_hash').notNull(),
    accountId: text('account_id').references(() => accounts.id),
    issuedBy: text('issued_by'),
    issuedAt: text('issued_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    usedAt: text('used_at'),
    failedAttempts: integer('failed_attempts').notNull().default(0),
  },
  (t) => [index('one_time_codes_account').on(t.accountId), index('one_time_codes_hash').on(t.codeHash)],
);
